import type { LayersList } from '@deck.gl/core';
import { MapLibreOverlay } from '@deck.gl/maplibre';
import { useEffect } from 'react';
import { useControl, useMap } from 'react-map-gl/maplibre';

/** deck.gl layers within the map's own stack of layers. */
export function DeckOverlay({ layers }: { layers: LayersList }) {
  const overlay = useControl(
    () => new MapLibreOverlay({ interleaved: true, layers }),
  ) as unknown as MapLibreOverlay;
  const { current: map } = useMap();

  useEffect(() => {
    overlay.setProps({ layers });
    // `beforeId` is left aside for layers that arrive before the style has loaded, so they are handed over once more.
    const again = () => overlay.setProps({ layers: [...layers] });
    map?.once('idle', again);
    return () => void map?.off('idle', again);
  }, [overlay, map, layers]);
  return null;
}
