import './plan.css';
import { Skeleton } from '@mantine/core';
import type { IndicatorsAnswer } from '../../contract/coverage-indicators.ts';
import { type MessageName, useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { PlanControls } from './PlanControls.tsx';
import { PlanRow } from './PlanRow.tsx';
import { usePlanQuestion } from './plan-question.ts';
import { StatusIcon } from './StatusMark.tsx';
import { countStatuses, figuresOf, planSections } from './standing.ts';
import { TrendKey } from './TrendLine.tsx';
import { useIndicators } from './use-indicators.ts';

const skeletonRows = Array.from({ length: 6 }, (_, row) => row);

/** Where the plan stands: its ten targets in its order, each opening its map and its table. */
export function PlanPage() {
  const { t } = useLanguage();
  const [question, ask] = usePlanQuestion();
  const province = useIndicators(question, 'province');
  const months = useIndicators(question, 'month');
  const answer = province.isError ? null : (province.data ?? null);
  const monthly = months.data && months.data.year === answer?.year ? months.data : null;
  return (
    <main id="content" className="plan-page" aria-label={t('pages.coverage')}>
      <header className="plan-head">
        {answer ? <PlanHeadline answer={answer} /> : <Skeleton height={52} maw={620} />}
        <PlanControls question={question} ask={ask} shown={answer} downloads />
      </header>
      {province.isError && <ReadFailed error={province.error} onRetry={() => void province.refetch()} />}
      {province.isPending && (
        <div role="status">
          <span className="visually-hidden">{t('common.loading')}</span>
          {skeletonRows.map((row) => (
            <Skeleton key={row} height={96} mt={16} />
          ))}
        </div>
      )}
      {answer && (
        <div aria-busy={province.isPlaceholderData} className="plan-sections">
          <TrendKey />
          {months.isError && <ReadFailed error={months.error} onRetry={() => void months.refetch()} />}
          {planSections(answer.indicators).map(({ section, indicators }) => (
            <section key={section} aria-labelledby={`section-${section}`}>
              <h3 id={`section-${section}`} className="plan-section">
                {section && <span className="quiet">{t('plan.sections.number', { section })}</span>}
                {t(sectionTitle(section))}
              </h3>
              {indicators.map((description) => (
                <PlanRow
                  key={description.id}
                  description={description}
                  figure={[...figuresOf(answer, description.id).values()][0]!}
                  months={monthly && figuresOf(monthly, description.id)}
                  year={answer.year}
                  asOf={answer.asOf}
                  yearIsOver={answer.period.remainingDays === 0}
                />
              ))}
            </section>
          ))}
        </div>
      )}
    </main>
  );
}

const titled = ['II.1', 'II.2', 'II.3', 'II.4'] as const;
const sectionTitle = (section: string): MessageName => {
  const known = titled.find((one) => one === section);
  return known ? `plan.sections.${known}` : 'plan.sections.other';
};

/** "10 chỉ tiêu của kế hoạch năm 2026: 4 đã đạt, 3 đúng tiến độ, 3 chậm tiến độ", and the day. */
function PlanHeadline({ answer }: { answer: IndicatorsAnswer }) {
  const { t, format } = useLanguage();
  const { year, asOf, period, figures, indicators } = answer;
  const over = period.remainingDays === 0;
  const counts = countStatuses(figures, over).map(({ status, count }) => ({
    status,
    words: t(`plan.counts.${status}`, { count }),
  }));
  const quarters = period.elapsedQuarters.map((quarter) => roman[Number(quarter.slice(-1)) - 1]!);
  return (
    <div>
      <h2>
        {t('plan.head.title', { of: indicators.length, year, standing: '' }).trim()}{' '}
        <span className="plan-counts">
          {counts.map(({ status, words }) => (
            <span key={status} data-status={status}>
              <StatusIcon status={status} size={18} />
              {words}
            </span>
          ))}
        </span>
      </h2>
      <p className="quiet plan-day">
        {[
          t('common.asOf', { day: format.day(asOf) }),
          over
            ? t('plan.head.over')
            : t('plan.head.days', { elapsed: period.elapsedDays, remaining: period.remainingDays }),
          quarters.length > 0 && t('plan.head.quarters', { quarters: quarters.join(', ') }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}

const roman = ['I', 'II', 'III', 'IV'];
