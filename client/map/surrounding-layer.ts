import type { LayerSpecification } from 'maplibre-gl';
import { semiboldFont } from './base-style.ts';
import { palette } from './palette.ts';

/** Names of what lies around, wide-set and quiet. */
export const surroundingLayer: LayerSpecification = {
  id: 'surroundings',
  type: 'symbol',
  source: 'surroundings',
  layout: {
    'text-field': ['upcase', ['get', 'name']],
    'text-font': semiboldFont,
    'text-size': ['interpolate', ['linear'], ['zoom'], 7, 10, 10, 13],
    'text-letter-spacing': 0.18,
    'text-max-width': 20,
    'text-allow-overlap': true,
  },
  paint: {
    'text-color': ['match', ['get', 'kind'], 'sea', '#6b95ad', palette.labelQuiet],
    'text-halo-color': palette.ground,
    'text-halo-width': 2,
  },
};
