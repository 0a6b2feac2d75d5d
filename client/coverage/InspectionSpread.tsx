import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { inspectionCoverageEndpoint, type SpreadMeasure } from '../../contract/coverage-inspections.ts';
import { call } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { belowHalf } from './lorenz.ts';

const size = 150;
const margin = { left: 8, right: 8, top: 8, bottom: 8 };

/** Whether inspections are spread or piled up: the Gini coefficient held against dealing them by lot, and the Lorenz curve. */
export function InspectionSpread({ asOf }: { asOf: string }) {
  const { t, language } = useLanguage();
  const { data, error, refetch } = useQuery({
    queryKey: ['coverage', 'inspections', asOf],
    queryFn: ({ signal }) => call(inspectionCoverageEndpoint, { query: { asOf }, signal }),
  });
  const spread = data?.spread.all;
  return (
    <section className="plan-block" id="spread" aria-labelledby="spread-title">
      <h3 id="spread-title">{t('plan.spread.title')}</h3>
      {spread ? (
        <>
          <p>{spread.found[language]}</p>
          <div className="spread-pair">
            <SpreadFigure
              title={t('plan.spread.establishments')}
              measure={spread.establishments}
              of="establishments"
            />
            <SpreadFigure title={t('plan.spread.communes')} measure={spread.communes} of="communes" />
          </div>
        </>
      ) : error ? (
        <ReadFailed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={180} />
      )}
    </section>
  );
}

function SpreadFigure({
  title,
  measure: { gini, byLot, verdict, lorenz },
  of,
}: {
  title: string;
  measure: SpreadMeasure;
  of: 'establishments' | 'communes';
}) {
  const { t, format } = useLanguage();
  const x = (share: number) => margin.left + share * (size - margin.left - margin.right);
  const y = (share: number) => size - margin.bottom - share * (size - margin.top - margin.bottom);
  const line = lorenz.map(([across, up]) => `${x(across).toFixed(1)} ${y(up).toFixed(1)}`).join('L');
  const half = belowHalf(lorenz);
  return (
    <figure className="spread-figure">
      {lorenz.length > 1 && half !== null && (
        <svg
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label={t(of === 'establishments' ? 'plan.spread.lorenz' : 'plan.spread.lorenzCommunes', {
            share: format.percent(half),
          })}
        >
          <path className="lorenz-frame" d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`} />
          <path className="lorenz-area" d={`M${line}Z`} />
          <path className="lorenz-even" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
          <path className="lorenz-line" d={`M${line}`} />
        </svg>
      )}
      <figcaption>
        <b>{title}</b>
        <span>
          {t('plan.spread.gini')}{' '}
          <strong>{gini === null ? t('plan.spread.none') : format.fixed(gini, 2)}</strong>
        </span>
        {byLot && (
          <span className="quiet">
            {t('plan.spread.byLot', {
              lower: format.fixed(byLot.lower, 2),
              upper: format.fixed(byLot.upper, 2),
            })}
          </span>
        )}
        {verdict && <span className="spread-verdict">{t(`plan.spread.${verdict}`)}</span>}
        {half !== null && (
          <span className="quiet">
            {t(of === 'establishments' ? 'plan.spread.lorenz' : 'plan.spread.lorenzCommunes', {
              share: format.percent(half),
            })}
          </span>
        )}
      </figcaption>
    </figure>
  );
}
