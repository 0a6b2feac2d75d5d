import { useState } from 'react';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { doneWords, unitCount } from './figure-words.ts';
import { holdingBack, isDoneOrNot } from './standing.ts';

const firstShown = 10;
const chipsShown = 24;

type HoldingBackProps = {
  description: IndicatorDescription;
  figures: ReadonlyMap<string, IndicatorFigure>;
  nameOf: (code: string) => string;
  selected: string | null;
  onSelect: (code: string) => void;
};

/** Which communes hold the target back: those that lack most, or, where one has done it or not, those that have not. */
export function HoldingBack({ description, figures, nameOf, selected, onSelect }: HoldingBackProps) {
  const words = useLanguage();
  const { t, format } = words;
  const [all, setAll] = useState(false);
  const single = isDoneOrNot(description);
  const every = holdingBack(figures, Number.POSITIVE_INFINITY);
  const shown = all ? every : every.slice(0, single ? chipsShown : firstShown);
  const most = every[0]?.missing ?? 1;
  const untold = [...figures.values()].filter(({ status }) => status === 'suppressed').length;
  return (
    <section className="holding-back" aria-labelledby="holding-back">
      <h3 id="holding-back">
        {t(single ? 'plan.detail.notYet' : 'plan.detail.holdBack')}
        {single && every.length > 0 && `: ${t('plan.detail.notYetHint', { count: every.length })}`}
      </h3>
      {every.length === 0 ? (
        <p>{t(untold > 0 ? 'plan.detail.nobodyTold' : 'plan.detail.nobodyMissing')}</p>
      ) : single ? (
        <ul className="commune-chips">
          {shown.map(({ code }) => (
            <li key={code}>
              <button type="button" aria-pressed={code === selected} onClick={() => onSelect(code)}>
                {nameOf(code)}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <p className="quiet">
            {t(untold > 0 ? 'plan.detail.holdBackToldHint' : 'plan.detail.holdBackHint', { count: untold })}
          </p>
          <ol className="missing-bars">
            {shown.map(({ code, missing, shareOfMissing }) => (
              <li key={code} data-selected={code === selected}>
                <button type="button" aria-pressed={code === selected} onClick={() => onSelect(code)}>
                  {nameOf(code)}
                </button>
                <span className="quiet missing-of">{doneWords(figures.get(code)!, description, words)}</span>
                <b>{unitCount(description.unit, missing, words)}</b>
                <span className="missing-bar" aria-hidden="true">
                  <span style={{ width: `${(missing / most) * 100}%` }} />
                </span>
                <span className="missing-share">{format.percent(shareOfMissing)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {every.length > (single ? chipsShown : firstShown) && (
        <button type="button" className="link-button no-print" onClick={() => setAll(!all)}>
          {t(all ? 'plan.detail.showFewer' : 'plan.detail.showAll')} ({format.integer(every.length)})
        </button>
      )}
    </section>
  );
}
