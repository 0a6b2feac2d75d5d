import './plan-figures.css';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { doneWords, mostWords, valueWords } from './figure-words.ts';
import { IndicatorBar } from './IndicatorBar.tsx';

/** Where an indicator stands: large in figures, as a bar with its target, and in words of what it was counted. */
export function IndicatorValue({
  description,
  figure,
  large = false,
}: {
  description: IndicatorDescription;
  figure: IndicatorFigure;
  large?: boolean;
}) {
  const words = useLanguage();
  const { t, language, format } = words;
  const value = valueWords(figure, description, words);
  const most = mostWords(figure, words);
  const target =
    description.target !== null
      ? t('plan.target', { share: format.wholePercent(description.target) })
      : description.unit === 'items' && figure.status !== 'no-target'
        ? t('plan.targetPress')
        : t('plan.noTarget');
  return (
    <div className="indicator-value" data-large={large || undefined}>
      <p className="indicator-figure">
        {most && <span className="indicator-sure">{t('plan.sure')}</span>}
        <strong data-missing={value === null || undefined}>{value ?? t('common.notOnRecord')}</strong>
        {most && <span className="indicator-most">{most}</span>}
      </p>
      {description.unit !== 'items' && (
        <IndicatorBar figure={figure} target={description.target} height={large ? 14 : 10} />
      )}
      <p className="indicator-done">
        <span>
          {figure.value === null && figure.reason && !figure.byLevel && !figure.suppressed
            ? figure.reason[language]
            : doneWords(figure, description, words)}
        </span>
        <span className="indicator-target">{target}</span>
      </p>
      {(figure.suppressed || figure.inFives) && (
        <p className="quiet indicator-unknown">
          {t(figure.suppressed ? 'plan.small.why' : 'plan.small.fives')}
        </p>
      )}
      {figure.placesOfUnknownSize > 0 && (
        <p className="quiet indicator-unknown">
          {t('plan.unknownSizes', { count: figure.placesOfUnknownSize })}
        </p>
      )}
    </div>
  );
}
