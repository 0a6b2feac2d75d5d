import { Skeleton } from '@mantine/core';
import type { IndicatorDescription } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { doneWords, rangeWords } from './figure-words.ts';
import { barEnd, IndicatorBar } from './IndicatorBar.tsx';
import type { PlanQuestion } from './plan-question.ts';
import { StatusIcon } from './StatusMark.tsx';
import { figuresOf, toldStatus } from './standing.ts';
import { useIndicators } from './use-indicators.ts';

const groupings = ['terrain', 'border', 'former-province', 'quarter'] as const;
type Grouping = (typeof groupings)[number];

/** One indicator by terrain, border, former province and quarter: a small table each. */
export function GroupTables({
  question,
  description,
  byCommune,
}: {
  question: PlanQuestion;
  description: IndicatorDescription;
  /** Whether communes did any of it: what none did has no groups of communes. */
  byCommune: boolean;
}) {
  return (
    <div className="group-tables">
      {groupings
        .filter((by) => byCommune || by === 'quarter')
        .map((by) => (
          <GroupTable key={by} by={by} question={question} description={description} />
        ))}
    </div>
  );
}

function GroupTable({
  by,
  question,
  description,
}: {
  by: Grouping;
  question: PlanQuestion;
  description: IndicatorDescription;
}) {
  const words = useLanguage();
  const { t, language, format } = words;
  const { data, error, refetch } = useIndicators(question, by, { indicator: description.id });
  if (error && !data) return <ReadFailed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={170} />;
  const figures = figuresOf(data, description.id);
  const isQuarter = by === 'quarter';
  const yearIsOver = data.period.remainingDays === 0;
  return (
    <table className="group-table">
      <caption>{t(`plan.groupings.${by}`)}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t('plan.groupings.group')}</th>
          <th scope="col">{t('plan.groupings.share')}</th>
          <th scope="col">{t(isQuarter ? 'plan.groupings.gained' : 'plan.table.numerator')}</th>
        </tr>
      </thead>
      <tbody>
        {data.groups.flatMap(({ key, name, communes }) => {
          const figure = figures.get(key);
          // Agencies of the province are no group of communes where they did nothing.
          if (!figure || (communes === 0 && figure.numerator === 0)) return [];
          const gained = isQuarter ? figure.gained : null;
          return [
            <tr key={key}>
              <th scope="row">
                {name[language]}
                {!isQuarter && communes > 0 && (
                  <span className="quiet"> {t('coverage.communes', { count: communes })}</span>
                )}
              </th>
              <td className="group-value">
                {description.unit !== 'items' && (
                  <IndicatorBar
                    figure={figure}
                    target={description.target}
                    height={8}
                    end={barEnd(description.target)}
                  />
                )}
                <b>
                  <StatusIcon status={toldStatus(figure, yearIsOver)} size={13} />
                  {rangeWords(figure, description, words) ?? <span className="missing-figure">–</span>}
                </b>
              </td>
              <td className="group-done">
                {figure.value === null && figure.denominator === 0
                  ? figure.reason?.[language]
                  : doneWords(figure, description, words)}
                {gained !== null && (
                  <span className="quiet">
                    {' '}
                    ({gained >= 0 ? '+' : '−'}
                    {format.integer(Math.abs(gained))})
                  </span>
                )}
              </td>
            </tr>,
          ];
        })}
      </tbody>
    </table>
  );
}
