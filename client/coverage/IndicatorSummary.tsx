import { useLanguage } from '../i18n/language.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { IndicatorStanding } from './IndicatorStanding.tsx';
import { IndicatorValue } from './IndicatorValue.tsx';
import type { ChosenIndicator } from './use-colouring.ts';

/** Where the whole province stands by the indicator that colours the map. */
export function IndicatorSummary({ chosen }: { chosen: ChosenIndicator }) {
  const { t, language } = useLanguage();
  const { description, whole, year, yearIsOver } = chosen;
  return (
    <section className="summary indicator-summary-aside" aria-labelledby="summary-title">
      <h2 id="summary-title">{description.name[language]}</h2>
      <IndicatorValue description={description} figure={whole} />
      <IndicatorStanding description={description} figure={whole} year={year} yearIsOver={yearIsOver} />
      <PageLink to={`/coverage/${description.id}`} className="link-button no-print">
        {t('plan.open')}
      </PageLink>
    </section>
  );
}
