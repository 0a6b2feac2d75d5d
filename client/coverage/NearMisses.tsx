import { Skeleton } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import type { PlanQuestion } from './plan-question.ts';
import { useNearMisses } from './use-plan-context.ts';

const roman = ['I', 'II', 'III', 'IV'];

/** Communes that kept outreach up in every elapsed quarter but one, with the quarter that they lack. */
export function NearMisses({
  question,
  nameOf,
  selected,
  onSelect,
}: {
  question: PlanQuestion;
  nameOf: (code: string) => string;
  selected: string | null;
  onSelect: (code: string) => void;
}) {
  const { t, language } = useLanguage();
  const { data, error, refetch } = useNearMisses(question, true);
  const quarterWords = (quarter: string) =>
    t('plan.nearMiss.quarter', { number: roman[Number(quarter.slice(-1)) - 1]! });
  return (
    <section className="near-misses" aria-labelledby="near-misses">
      <h3 id="near-misses">{t('plan.nearMiss.title')}</h3>
      {data ? (
        <>
          <p>{data.found[language]}</p>
          <ul className="near-miss-list">
            {data.communes.map(({ code, missingQuarter, sessions }) => (
              <li key={code}>
                <button type="button" aria-pressed={code === selected} onClick={() => onSelect(code)}>
                  {nameOf(code)}
                </button>
                <span className="quarter-dots" role="img" aria-label={sessionsWords(sessions)}>
                  {sessions.map((one) => (
                    <span
                      key={one.quarter}
                      data-none={one.sessions === 0 || undefined}
                      data-open={!one.elapsed || undefined}
                    >
                      {one.sessions}
                    </span>
                  ))}
                </span>
                <span>{t('plan.nearMiss.lacking', { quarter: quarterWords(missingQuarter) })}</span>
              </li>
            ))}
          </ul>
        </>
      ) : error ? (
        <ReadFailed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={120} />
      )}
    </section>
  );

  function sessionsWords(sessions: readonly { quarter: string; sessions: number }[]): string {
    return sessions
      .map((one) => t('plan.nearMiss.sessions', { quarter: quarterWords(one.quarter), count: one.sessions }))
      .join('; ');
  }
}
