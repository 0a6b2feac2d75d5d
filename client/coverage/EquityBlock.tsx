import { Skeleton } from '@mantine/core';
import type { EquityComparison, EquitySide } from '../../contract/coverage-equity.ts';
import type { IndicatorId } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import type { PlanQuestion } from './plan-question.ts';
import { useEquity } from './use-plan-context.ts';

/** Mountainous, coastal and adjoining communes against the rest: in a sentence, and as two shares with their intervals. */
export function EquityBlock({ question, indicator }: { question: PlanQuestion; indicator: IndicatorId }) {
  const { t, language } = useLanguage();
  const { data, error, refetch } = useEquity(question, indicator);
  const comparisons = data?.comparisons.filter((one) => one.indicator === indicator) ?? [];
  return (
    <section className="plan-block" id="equity" aria-labelledby="equity-title">
      <h3 id="equity-title">{t('plan.detail.equity')}</h3>
      {data ? (
        <>
          <ul className="equity-list">
            {comparisons.map((comparison) => {
              const grouping = data.groupings.find(({ id }) => id === comparison.grouping);
              return (
                <li key={comparison.grouping}>
                  <h4>{grouping?.name[language]}</h4>
                  <SharePair comparison={comparison} />
                  <p>{comparison.said[language]}</p>
                </li>
              );
            })}
          </ul>
          {data.cautions.map(({ vi, en }) => (
            <p key={vi} className="quiet equity-caution">
              {language === 'vi' ? vi : en}
            </p>
          ))}
        </>
      ) : error ? (
        <ReadFailed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={150} />
      )}
    </section>
  );
}

const width = 260;
const rowHeight = 20;

/** Drawing only: the sentence beside it says the same. */
function SharePair({ comparison: { group, rest } }: { comparison: EquityComparison }) {
  const { t, format } = useLanguage();
  const rows: [string, EquitySide][] = [
    [t('plan.equity.group'), group],
    [t('plan.equity.rest'), rest],
  ];
  const left = 78;
  const right = 52;
  const x = (share: number) => left + share * (width - left - right);
  return (
    <svg className="equity-pair" viewBox={`0 0 ${width} ${rows.length * rowHeight + 4}`} aria-hidden="true">
      {rows.map(([name, side], row) => {
        const y = row * rowHeight + rowHeight / 2 + 2;
        return (
          <g key={name} data-side={row === 0 ? 'group' : 'rest'}>
            <text x={0} y={y}>
              {name}
            </text>
            <line className="equity-axis" x1={left} x2={width - right} y1={y} y2={y} />
            {side.lower !== null && side.upper !== null && (
              <line className="equity-interval" x1={x(side.lower)} x2={x(side.upper)} y1={y} y2={y} />
            )}
            {side.share !== null && <circle cx={x(side.share)} cy={y} r={4} />}
            <text className="equity-share" x={width} y={y} textAnchor="end">
              {side.share === null ? '–' : format.percent(side.share)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
