import type { ReactNode } from 'react';
import { emergingPatterns } from '../../contract/hotspots.ts';
import { useLanguage } from '../i18n/language.ts';
import { densityBands, digitsFor } from './density-bands.ts';
import { patternWords } from './describe-commune.ts';
import { classColor, colors, giClasses, moranClasses, patternColor } from './hotspot-classes.ts';
import { riskColor } from './map-symbols.tsx';
import type { Answers } from './question.ts';
import { reasonInWords } from './reason-words.ts';
import type { Answered } from './use-analysis.ts';

type SideLegendProps = { answered: Answered; foundOnly: boolean };

/** Classes with their colours, in words, and how many communes are in each. */
export function SideLegend({ answered, foundOnly }: SideLegendProps) {
  const { t, language } = useLanguage();
  const { name, answer } = answered;
  const warnings = name === 'local' || name === 'trend' ? answer.warnings : [];
  return (
    <div className="side-legend">
      <ClassesOf {...answered} />
      {warnings.map((warning) => (
        <span key={warning} className="quiet">
          {reasonInWords(warning, language)}
        </span>
      ))}
      {foundOnly && (
        <LegendItem swatch={<i className="swatch swatch-found-only" />}>
          {t('hotspots.legend.foundOnly')}
        </LegendItem>
      )}
    </div>
  );
}

function LegendItem({ swatch, count, children }: { swatch: ReactNode; count?: number; children: ReactNode }) {
  return (
    <span className="legend-row">
      {swatch}
      <span>
        {children}
        {count !== undefined && <b> {count}</b>}
      </span>
    </span>
  );
}

const colored = (background: string) => <i className="swatch" style={{ background }} />;

function ClassesOf(answered: Answered) {
  switch (answered.name) {
    case 'local':
      return <LocalLegend answer={answered.answer} />;
    case 'density':
      return <DensityBandsLegend answer={answered.answer} />;
    case 'relative-risk':
      return <RiskLegend answer={answered.answer} />;
    case 'scan':
      return <ScanLegend answer={answered.answer} />;
    case 'trend':
      return <TrendLegend answer={answered.answer} />;
  }
}

function NotTestable({ count }: { count: number }) {
  const { t } = useLanguage();
  if (count === 0) return null;
  return (
    <LegendItem swatch={<i className="swatch swatch-none" />} count={count}>
      {t('hotspots.legend.notTestable')}
    </LegendItem>
  );
}

function LocalLegend({ answer }: { answer: Answers['local'] }) {
  const { t } = useLanguage();
  const classes = answer.method.statistic === 'moran' ? moranClasses : giClasses;
  return (
    <>
      {classes.map((one) => (
        <LegendItem
          key={one}
          swatch={colored(classColor(one))}
          count={answer.areas.filter((area) => area.class === one).length}
        >
          {t(one === 'not-significant' ? 'hotspots.legend.notDifferent' : `hotspots.classes.${one}`)}
        </LegendItem>
      ))}
      <NotTestable count={answer.notTestable.length} />
    </>
  );
}

function TrendLegend({ answer }: { answer: Answers['trend'] }) {
  const { t } = useLanguage();
  const kinds = (['hot', 'cold'] as const).flatMap((side) =>
    emergingPatterns.flatMap((pattern) => {
      const count = answer.areas.filter((area) => area.pattern === pattern && area.side === side).length;
      return count > 0 ? [{ side, pattern, count }] : [];
    }),
  );
  return (
    <>
      {kinds.map(({ side, pattern, count }) => (
        <LegendItem key={`${side} ${pattern}`} swatch={colored(patternColor(pattern, side))} count={count}>
          {patternWords(pattern, side, t)}
        </LegendItem>
      ))}
      <LegendItem
        swatch={colored(colors.neutral)}
        count={answer.areas.filter(({ pattern }) => pattern === null).length}
      >
        {t('hotspots.legend.patternNone')}
      </LegendItem>
      <NotTestable count={answer.notTestable.length} />
    </>
  );
}

function ScanLegend({ answer }: { answer: Answers['scan'] }) {
  const { t } = useLanguage();
  const weak = answer.clusters.some(({ p }) => p > 0.05);
  return (
    <>
      <LegendItem swatch={<i className="swatch swatch-cluster" />}>{t('hotspots.legend.cluster')}</LegendItem>
      {weak && (
        <LegendItem swatch={<i className="swatch swatch-cluster" data-weak="true" />}>
          {t('hotspots.legend.weakCluster')}
        </LegendItem>
      )}
    </>
  );
}

function DensityBandsLegend({ answer }: { answer: Answers['density'] }) {
  const { t, format } = useLanguage();
  const { bandwidthMeters, bandwidth, events } = answer.method;
  const bands = densityBands(answer.contours.features.map(({ properties }) => properties));
  const digits = digitsFor(bands);
  return (
    <>
      <span className="legend-unit">
        {t('hotspots.legend.bands', { what: t(`hotspots.legend.${events}`) })},{' '}
        {t(bandwidth === 'given' ? 'hotspots.legend.sigma' : 'hotspots.legend.sigmaChosen', {
          value: format.decimal(bandwidthMeters / 1000, 2),
        })}
      </span>
      <span className="legend-bands">
        {bands.map(({ low, high, fill, line }) => (
          <LegendItem
            key={low}
            swatch={
              <i
                className="swatch"
                style={{
                  background: `rgb(${fill.slice(0, 3).join(' ')} / ${Math.min(1, (fill[3] * 1.7) / 255)})`,
                  borderColor: `rgb(${line.slice(0, 3).join(' ')})`,
                }}
              />
            }
          >
            {high === null
              ? t('density.from', { low: format.decimal(low, digits) })
              : `${format.decimal(low, digits)}–${format.decimal(high, digits)}`}
          </LegendItem>
        ))}
      </span>
      {answer.outside > 0 && (
        <span className="quiet">{t('hotspots.legend.outside', { count: answer.outside })}</span>
      )}
      {answer.withheld > 0 && (
        <span className="quiet">{t('hotspots.legend.withheld', { count: answer.withheld })}</span>
      )}
    </>
  );
}

/** Less would be written as 0,0 %. */
const leastShownShare = 0.0005;

function RiskLegend({ answer }: { answer: Answers['relative-risk'] }) {
  const { t, format } = useLanguage();
  return (
    <>
      <span className="legend-unit">
        {t('hotspots.legend.tolerance')},{' '}
        {t('hotspots.legend.sigma', { value: format.decimal(answer.method.bandwidthMeters / 1000, 2) })}
      </span>
      {(['above', 'below'] as const).flatMap((side) =>
        [0.01, 0.05].map((level) => (
          <LegendItem key={`${side} ${level}`} swatch={colored(riskColor(side, level))}>
            {t(`hotspots.legend.${side}`, { level: format.wholePercent(level) })}
          </LegendItem>
        )),
      )}
      {answer.maskedShare >= leastShownShare && (
        <span className="quiet">
          {t('hotspots.legend.masked', { share: format.percent(answer.maskedShare) })}
        </span>
      )}
    </>
  );
}
