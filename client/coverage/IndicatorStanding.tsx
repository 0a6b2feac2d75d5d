import './plan-figures.css';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { missingWords, paceWords, projectionWords } from './figure-words.ts';
import { StatusMark } from './StatusMark.tsx';

type IndicatorStandingProps = {
  description: IndicatorDescription;
  figure: IndicatorFigure;
  year: number;
  yearIsOver: boolean;
};

/** How the year goes: status, what is missing in whole units, pace against the pace needed, what to expect. */
export function IndicatorStanding({ description, figure, year, yearIsOver }: IndicatorStandingProps) {
  const words = useLanguage();
  const { t } = words;
  const missing = missingWords(figure, description, words);
  const pace = yearIsOver ? null : paceWords(figure, description, year, words);
  const { projected } = figure;
  return (
    <div className="indicator-standing">
      <p className="standing-head">
        <StatusMark figure={figure} yearIsOver={yearIsOver} />
        {missing && <b>{missing}</b>}
      </p>
      {figure.metAtUpper && <p className="standing-upper">{t('plan.metAtUpper')}</p>}
      {pace && (
        <p title={t('plan.monthHint')}>
          {pace.soFar}
          {pace.needed && `; ${pace.needed}`}.
        </p>
      )}
      {projected && figure.status !== 'met' && !yearIsOver && (
        <p className="quiet">{projectionWords(projected, words)}</p>
      )}
    </div>
  );
}
