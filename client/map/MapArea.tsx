import { Loader } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import type { MapViewProps } from './MapView.tsx';
import { SimpleMap } from './SimpleMap.tsx';
import { hasWebgl } from './webgl.ts';

// MapLibre and deck.gl are most of the client's bytes; the table and the figures need not wait for them.
const MapView = lazy(async () => ({ default: (await import('./MapView.tsx')).MapView }));

/** The interactive map where the machine can draw it, the drawing where it cannot. */
export function MapArea(props: MapViewProps) {
  const { t } = useLanguage();
  const [broken, setBroken] = useState(false);
  const simple = (
    <div className="simple-map-area">
      <p className="note" role="status">
        <b>{t('map.noWebglTitle')}</b> {t('map.noWebglText')}
      </p>
      <SimpleMap
        rows={props.rows}
        colouring={props.colouring}
        label={props.label}
        selected={props.selected}
        coverageVisible={props.layers.has('coverage')}
        onSelect={props.onSelect}
      />
    </div>
  );
  if (broken || !hasWebgl()) return simple;
  return (
    <ErrorBoundary onError={() => setBroken(true)} fallback={simple}>
      <Suspense
        fallback={
          <p className="map-state" role="status">
            <Loader size="sm" /> {t('map.loading')}
          </p>
        }
      >
        <MapView {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}
