import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { IndicatorStanding } from './IndicatorStanding.tsx';
import { IndicatorValue } from './IndicatorValue.tsx';
import { TrendLine } from './TrendLine.tsx';

type PlanRowProps = {
  description: IndicatorDescription;
  figure: IndicatorFigure;
  /** Null while they are being read. */
  months: ReadonlyMap<string, IndicatorFigure> | null;
  year: number;
  asOf: string;
  yearIsOver: boolean;
};

/** One target: what it is, where it stands, how it came there, and how the year goes. */
export function PlanRow({ description, figure, months, year, asOf, yearIsOver }: PlanRowProps) {
  const { language } = useLanguage();
  const { id, name, definition } = description;
  return (
    <article className="plan-row" aria-labelledby={`target-${id}`} data-status={figure.status}>
      <div className="plan-name">
        <h4 id={`target-${id}`}>
          <PageLink to={`/coverage/${id}`}>{name[language]}</PageLink>
        </h4>
        <p className="quiet">{definition[language]}</p>
      </div>
      <IndicatorValue description={description} figure={figure} />
      <div className="plan-trend">
        {months && (
          <TrendLine
            description={description}
            figure={figure}
            months={months}
            year={year}
            asOf={asOf}
            size="small"
          />
        )}
      </div>
      <IndicatorStanding description={description} figure={figure} year={year} yearIsOver={yearIsOver} />
    </article>
  );
}
