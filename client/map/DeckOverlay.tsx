import type { Layer } from '@deck.gl/core';
import { MapLibreOverlay } from '@deck.gl/maplibre';
import { useEffect } from 'react';
import { useControl, useMap } from 'react-map-gl/maplibre';

/** deck.gl layers within the map's own stack of layers, each once the layer that it goes beneath is there. */
export function DeckOverlay({ layers }: { layers: readonly Layer[] }) {
  const overlay = useControl(
    () => new MapLibreOverlay({ interleaved: true, layers: [] }),
  ) as unknown as MapLibreOverlay;
  const { current: map } = useMap();

  useEffect(() => {
    if (!map) return;
    const mayStand = ({ props }: Layer) => {
      const { beforeId } = props as { beforeId?: string };
      return !beforeId || map.getLayer(beforeId) !== undefined;
    };
    // A new list each time: `beforeId` is left aside for layers that arrive before the style has loaded, so that they are
    // handed over once more when it has.
    const handOver = () => overlay.setProps({ layers: layers.filter(mayStand) });
    const whenAllStand = () => {
      if (!layers.every(mayStand)) return;
      map.off('styledata', whenAllStand);
      handOver();
    };
    handOver();
    map.on('styledata', whenAllStand);
    map.once('idle', handOver);
    return () => {
      map.off('styledata', whenAllStand);
      map.off('idle', handOver);
    };
  }, [overlay, map, layers]);
  return null;
}
