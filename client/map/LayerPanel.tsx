import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { CoverageLegend } from '../coverage/CoverageLegend.tsx';
import type { CommuneRow } from '../coverage/commune-rows.ts';
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
  layers: ReadonlySet<MapLayer>;
  onToggle: (layer: MapLayer, visible: boolean) => void;
};

/** Every layer with its switch, and beneath each that is on, its legend. */
export function LayerPanel({ rows, density, layers, onToggle }: LayerPanelProps) {
  const { t } = useLanguage();
  const loading = <p className="quiet">{t('common.loading')}</p>;
  const entry = (layer: MapLayer, symbol: ReactNode, legend: ReactNode) => (
    <li key={layer} className="layer" data-layer={layer}>
      <Switch
        size="sm"
        checked={layers.has(layer)}
        onChange={(event) => onToggle(layer, event.currentTarget.checked)}
        label={
          <>
            {symbol}
            {t(`layers.${layer}`)}
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
        {entry('coverage', null, rows ? <CoverageLegend rows={rows} /> : loading)}
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
        {placeLayers.map((layer) =>
          entry(layer, <PlaceSymbol layer={layer} />, <PlaceLegend layer={layer} />),
        )}
      </ul>
    </section>
  );
}
