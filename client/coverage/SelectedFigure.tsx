import { CloseButton } from '@mantine/core';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { communeValueWords, doneWords, missingWords, rangeWords } from './figure-words.ts';
import { neighbourStanding } from './neighbour-standing.ts';
import type { Rank } from './ranking.ts';
import { StatusMark } from './StatusMark.tsx';
import { isDoneOrNot } from './standing.ts';

/** The commune that is selected: its figure, its rank, and how its neighbours stand. */
export function SelectedFigure({
  name,
  description,
  figure,
  rank,
  figures,
  neighbours,
  yearIsOver,
  onClose,
}: {
  name: string;
  description: IndicatorDescription;
  figure: IndicatorFigure | undefined;
  rank: Rank | null;
  figures: ReadonlyMap<string, IndicatorFigure>;
  neighbours: readonly string[];
  yearIsOver: boolean;
  /** Null where it stays open. */
  onClose: (() => void) | null;
}) {
  const words = useLanguage();
  const { t, language, format } = words;
  const single = isDoneOrNot(description);
  const around = neighbourStanding(figures, neighbours);
  const missing = figure && !single ? missingWords(figure, description, words) : null;
  return (
    <section className="selected-figure" aria-label={name}>
      <div className="block-head">
        <h3>{name}</h3>
        {onClose && (
          <CloseButton
            className="no-print"
            size="sm"
            aria-label={t('plan.detail.clear', { name })}
            onClick={onClose}
          />
        )}
      </div>
      {!figure || (figure.value === null && !figure.byLevel) ? (
        <p>{figure?.reason?.[language] ?? t('common.notOnRecord')}</p>
      ) : (
        <>
          <p className="selected-value">
            <strong>
              {single
                ? communeValueWords(figure, description, words)
                : rangeWords(figure, description, words)}
            </strong>
            {description.unit !== 'items' && <StatusMark figure={figure} yearIsOver={yearIsOver} />}
          </p>
          <p>
            {[
              !single && doneWords(figure, description, words),
              missing,
              rank &&
                !single &&
                t('plan.detail.rank', { rank: format.integer(rank.rank), of: format.integer(rank.of) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </>
      )}
      {around.of > 0 && (
        <p className="quiet">
          {single
            ? t('plan.detail.neighboursDone', { done: around.done, of: around.of })
            : around.median !== null && t('plan.detail.neighbours', { share: format.percent(around.median) })}
        </p>
      )}
    </section>
  );
}
