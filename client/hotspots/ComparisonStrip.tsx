import { useLanguage } from '../i18n/language.ts';
import type { Comparison } from './comparison.ts';

const mostNames = 5;

type ComparisonStripProps = {
  comparison: Comparison;
  /** Whether the map rings what stands out by what was found alone. */
  ringed: boolean;
  nameOf: (code: string) => string;
  onSelect: (code: string) => void;
  onPoint: (code: string | null) => void;
};

/** Which communes stand out on which map: what the eye should take from the two, in words. */
export function ComparisonStrip({ comparison, ringed, nameOf, onSelect, onPoint }: ComparisonStripProps) {
  const { t, format } = useLanguage();
  const { looks } = comparison;
  const looksWords =
    looks &&
    t(looks.there > 1.5 * looks.elsewhere ? 'hotspots.comparison.looks' : 'hotspots.comparison.looksNot', {
      there: format.decimal(looks.there, 0),
      elsewhere: format.decimal(looks.elsewhere, 0),
    });
  const groups = [
    {
      key: 'foundOnly',
      codes: comparison.foundOnly,
      hint: looksWords ?? t('hotspots.comparison.foundOnlyHint'),
    },
    { key: 'both', codes: comparison.both, hint: t('hotspots.comparison.bothHint') },
    { key: 'perLookOnly', codes: comparison.perLookOnly, hint: t('hotspots.comparison.perLookOnlyHint') },
  ] as const;
  return (
    <section className="comparison" aria-label={t('hotspots.comparison.title')}>
      {groups.map(({ key, codes, hint }) => (
        <div key={key} data-group={key} data-none={codes.length === 0}>
          <h3>
            <b className="comparison-count">{codes.length}</b>{' '}
            {key === 'foundOnly' && ringed && codes.length > 0 && <i className="swatch swatch-found-only" />}{' '}
            {t(`hotspots.comparison.${key}`)}
          </h3>
          <p>
            {codes.length === 0 && <span className="quiet">{t('hotspots.comparison.none')}</span>}
            {codes.slice(0, mostNames).map((code) => (
              <button
                key={code}
                type="button"
                className="commune-chip"
                onClick={() => onSelect(code)}
                onPointerEnter={() => onPoint(code)}
                onPointerLeave={() => onPoint(null)}
              >
                {nameOf(code)}
              </button>
            ))}
            {codes.length > mostNames && (
              <span className="quiet">
                {t('hotspots.comparison.more', { count: codes.length - mostNames })}
              </span>
            )}
          </p>
          {codes.length > 0 && <p className="quiet">{hint}</p>}
        </div>
      ))}
    </section>
  );
}
