import { NativeSelect, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { type IndicatorId, indicatorIds } from '../../contract/coverage-indicators.ts';
import { useMay } from '../access/session.ts';
import { ColouringLegend } from '../coverage/ColouringLegend.tsx';
import type { CommuneRow } from '../coverage/commune-rows.ts';
import { type Colouring, usualIndicator } from '../coverage/use-colouring.ts';
import { DensityLegend } from '../hotspots/DensityLegend.tsx';
import type { Density } from '../hotspots/density-bands.ts';
import { useLanguage } from '../i18n/language.ts';
import { PlaceLegend } from '../places/PlaceLegend.tsx';
import { PlaceSymbol } from '../places/PlaceSymbol.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { type MapLayer, placeLayers } from './layer-ids.ts';

type LayerPanelProps = {
  /** Null while they are not read yet. */
  rows: readonly CommuneRow[] | null;
  density: { data: Density | undefined; error: unknown; refetch: () => void };
  /** Those that the role has. */
  offered: readonly MapLayer[];
  layers: ReadonlySet<MapLayer>;
  colouring: Colouring;
  indicator: IndicatorId;
  onIndicator: (indicator: IndicatorId) => void;
  onToggle: (layer: MapLayer, visible: boolean) => void;
};

/** Every layer with its switch, and beneath each that is on, its legend. */
export function LayerPanel(props: LayerPanelProps) {
  const { rows, density, offered, layers, colouring, indicator, onIndicator, onToggle } = props;
  const places = placeLayers.filter((layer) => offered.includes(layer));
  const { t } = useLanguage();
  const may = useMay();
  const loading = <p className="quiet">{t('common.loading')}</p>;
  const entry = (layer: MapLayer, symbol: ReactNode, legend: ReactNode) =>
    offered.includes(layer) && (
      <li key={layer} className="layer" data-layer={layer}>
        <Switch
          size="sm"
          checked={layers.has(layer)}
          onChange={(event) => onToggle(layer, event.currentTarget.checked)}
          label={
            <>
              {symbol}
              {layer === 'coverage' && indicator !== usualIndicator
                ? t('layers.indicator')
                : t(`layers.${layer}`)}
            </>
          }
        />
        {layers.has(layer) && legend && <div className="layer-legend">{legend}</div>}
      </li>
    );
  return (
    <section className="layer-panel" aria-labelledby="layers-title">
      <h2 id="layers-title">{t('layers.title')}</h2>
      <ul className="layers">
        {entry(
          'coverage',
          null,
          <>
            <NativeSelect
              className="no-print indicator-select"
              size="xs"
              label={t('plan.legend.color')}
              value={indicator}
              onChange={({ currentTarget: { value } }) => onIndicator(value as IndicatorId)}
              data={indicatorIds.map((value) => ({ value, label: t(`plan.short.${value}`) }))}
            />
            {rows ? (
              <>
                <ColouringLegend colouring={colouring} isUsual={indicator === usualIndicator} rows={rows} />
                {!may.compareCommunes && <p className="quiet">{t('access.limits.ownOnly')}</p>}
              </>
            ) : (
              loading
            )}
          </>,
        )}
        {entry(
          'density',
          null,
          density.data ? (
            <DensityLegend density={density.data} />
          ) : density.error ? (
            <ReadFailed error={density.error} onRetry={density.refetch} />
          ) : (
            loading
          ),
        )}
      </ul>
      <h3>{t('layers.places')}</h3>
      <ul className="layers">
        {places.map((layer) => entry(layer, <PlaceSymbol layer={layer} />, <PlaceLegend layer={layer} />))}
      </ul>
    </section>
  );
}
