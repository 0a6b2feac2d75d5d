import { createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { indicatorIds } from '../../contract/coverage-indicators.ts';
import { usualIndicator } from '../coverage/use-colouring.ts';
import { type MapLayer, mapLayers } from './layer-ids.ts';

export type Camera = { longitude: number; latitude: number; zoom: number };

/** `20.2500,105.9700,9.4z`: latitude first, as map addresses are commonly written. */
export const parseAsCamera = createParser<Camera>({
  parse: (text) => {
    const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(\d+(?:\.\d+)?)z$/.exec(text);
    if (!match) return null;
    const [latitude, longitude, zoom] = match.slice(1).map(Number) as [number, number, number];
    return Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && zoom <= 22
      ? { latitude, longitude, zoom }
      : null;
  },
  serialize: ({ latitude, longitude, zoom }) =>
    `${latitude.toFixed(4)},${longitude.toFixed(4)},${zoom.toFixed(2)}z`,
  eq: (one, other) =>
    one.latitude === other.latitude && one.longitude === other.longitude && one.zoom === other.zoom,
});

/** Selecting a commune is a step one can go back from; switching layers and moving the map are not. */
export const useSelectedCommune = () =>
  useQueryState('commune', parseAsString.withOptions({ history: 'push' }));

/** @param first what is on until it is switched. */
export const useLayers = (first: MapLayer[]) =>
  useQueryState('layers', parseAsArrayOf(parseAsStringLiteral(mapLayers)).withDefault(first));

/** Which indicator colours the communes. */
export const useIndicatorShown = () =>
  useQueryState('indicator', parseAsStringLiteral(indicatorIds).withDefault(usualIndicator));

export const useCamera = () => useQueryState('at', parseAsCamera.withOptions({ throttleMs: 500 }));
