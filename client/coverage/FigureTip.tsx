import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { communeValueWords, doneWords, missingWords, rangeWords, statusWords } from './figure-words.ts';
import { isDoneOrNot } from './standing.ts';

/** A commune's figure beneath the pointer. */
export function FigureTip({
  name,
  description,
  figure,
  color,
  yearIsOver,
}: {
  name: string;
  description: IndicatorDescription;
  figure: IndicatorFigure | undefined;
  color: string | undefined;
  yearIsOver: boolean;
}) {
  const words = useLanguage();
  const { t, language } = words;
  const single = isDoneOrNot(description);
  const value =
    figure &&
    (single ? communeValueWords(figure, description, words) : rangeWords(figure, description, words));
  const missing = figure && !single ? missingWords(figure, description, words) : null;
  return (
    <>
      <strong>{name}</strong>
      {!figure || value === null ? (
        <span>{figure?.reason?.[language] ?? t('common.notOnRecord')}</span>
      ) : (
        <>
          <span className="tip-figure">
            <i className="swatch" style={{ background: color }} />
            <b>{value}</b>
            {!single && statusWords(figure, yearIsOver, words)}
          </span>
          {!single && description.unit !== 'items' && <span>{doneWords(figure, description, words)}</span>}
          {missing && <span>{missing}</span>}
        </>
      )}
    </>
  );
}
