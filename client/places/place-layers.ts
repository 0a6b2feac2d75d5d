import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { mediumFont } from '../map/base-style.ts';
import type { PlaceLayer } from '../map/layer-ids.ts';
import { palette } from '../map/palette.ts';
import { discPixels } from '../map/style-images.ts';
import { pointsFromZoom, sourceLayer } from '../map/tile-sources.ts';

export const placeColor: Record<PlaceLayer, string> = {
  'border-areas': palette.adjoining,
  'industrial-parks': palette.park,
  dormitories: palette.dormitory,
  schools: palette.school,
  establishments: palette.establishment,
};

/** Bounds of the classes of gathered places; each bound is included. Fixed, so that panning changes no sign. */
export const gatheredClasses: Record<'dormitories' | 'schools' | 'establishments', readonly number[]> = {
  dormitories: [1, 3, 6, 12],
  schools: [1, 2, 4, 8],
  establishments: [1, 6, 16, 41],
};
/** Diameters of the signs of those classes. */
export const gatheredPixels = [7, 11, 15, 20] as const;
export type GatheredLayer = keyof typeof gatheredClasses;

/** Areas lie under the names and lines of communes, points over them. */
export function areaLayers(visible: (layer: PlaceLayer) => boolean): LayerSpecification[] {
  const borders = { source: 'border-areas', 'source-layer': sourceLayer.outlines('border-areas') } as const;
  const parks = {
    source: 'industrial-parks',
    'source-layer': sourceLayer.outlines('industrial-parks'),
  } as const;
  return [
    {
      id: 'border-areas-fill',
      type: 'fill',
      ...borders,
      layout: { visibility: shown(visible('border-areas')) },
      paint: { 'fill-pattern': ['match', ['get', 'kind'], 'coastal', 'hatch-coastal', 'hatch-adjoining'] },
    },
    {
      id: 'border-areas-line',
      type: 'line',
      ...borders,
      layout: { visibility: shown(visible('border-areas')) },
      paint: {
        'line-color': ['match', ['get', 'kind'], 'coastal', palette.coastal, palette.adjoining],
        'line-width': 1,
      },
    },
    {
      id: 'industrial-parks-fill',
      type: 'fill',
      ...parks,
      layout: { visibility: shown(visible('industrial-parks')) },
      paint: { 'fill-color': palette.park, 'fill-opacity': 0.85 },
    },
    {
      id: 'industrial-parks-line',
      type: 'line',
      ...parks,
      layout: { visibility: shown(visible('industrial-parks')), 'line-join': 'round' },
      paint: {
        'line-color': '#ffffff',
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.4, 12, 1.5],
      },
    },
  ];
}

/** @param gatheredAlone of which layers the tiles hold hexagons at every zoom, and no place. */
export function pointLayers(
  visible: (layer: PlaceLayer) => boolean,
  gatheredAlone: (layer: GatheredLayer) => boolean = () => false,
): LayerSpecification[] {
  const gathered = (layer: GatheredLayer) => gatheredLayer(layer, visible(layer), gatheredAlone(layer));
  return [
    gathered('dormitories'),
    gathered('schools'),
    gathered('establishments'),
    // Dormitories may be on record by their outline.
    {
      id: 'dormitories-fill',
      type: 'fill',
      source: 'dormitories',
      'source-layer': sourceLayer.outlines('dormitories'),
      minzoom: pointsFromZoom,
      filter: ['==', ['geometry-type'], 'Polygon'],
      layout: { visibility: shown(visible('dormitories')) },
      paint: { 'fill-color': palette.dormitory, 'fill-opacity': 0.85, 'fill-outline-color': '#ffffff' },
    },
    {
      // Parks are a few hundred metres across: a sign keeps them in sight while the province fits the screen.
      id: 'industrial-parks-symbol',
      type: 'symbol',
      source: 'industrial-parks',
      'source-layer': sourceLayer.outlines('industrial-parks'),
      maxzoom: 10.5,
      layout: {
        visibility: shown(visible('industrial-parks')),
        'icon-image': 'symbol-industrial-parks',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.72, 11, 1],
        'icon-allow-overlap': true,
      },
    },
    symbolLayer('dormitories', visible('dormitories')),
    symbolLayer('schools', visible('schools')),
    {
      id: 'establishments-point',
      type: 'circle',
      source: 'establishments',
      'source-layer': sourceLayer.outlines('establishments'),
      minzoom: pointsFromZoom,
      layout: { visibility: shown(visible('establishments')) },
      paint: {
        'circle-color': palette.establishment,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 2.6, 13, 5, 16, 8],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 0.7, 13, 1.5],
      },
    },
    {
      id: 'industrial-parks-label',
      type: 'symbol',
      source: 'industrial-parks',
      'source-layer': sourceLayer.outlines('industrial-parks'),
      minzoom: 11.5,
      layout: {
        visibility: shown(visible('industrial-parks')),
        'text-field': ['get', 'name'],
        'text-font': mediumFont,
        'text-size': 11.5,
        'text-max-width': 9,
      },
      paint: { 'text-color': palette.park, 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
    },
  ];
}

/**
 * A disc in the middle of each hexagon of a tile: a filled hexagon would hide the classes beneath. A disc is drawn by the
 * one tile that its middle lies in. Kinds of places stand beside one another where several are on.
 */
function gatheredLayer(layer: GatheredLayer, visible: boolean, alone: boolean): LayerSpecification {
  const steps = gatheredClasses[layer].flatMap((low, position) =>
    position === 0 ? [gatheredPixels[0]] : [low, gatheredPixels[position]!],
  );
  const aside = { establishments: 0, schools: 7, dormitories: -7 }[layer];
  return {
    id: `${layer}-gathered`,
    type: 'symbol',
    source: layer,
    'source-layer': sourceLayer.hexagons(layer),
    ...(alone ? {} : { maxzoom: pointsFromZoom }),
    layout: {
      visibility: shown(visible),
      'icon-image': `disc-${layer}`,
      'icon-size': [
        '/',
        ['step', ['get', 'count'], ...steps] as unknown as ExpressionSpecification,
        discPixels,
      ],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'symbol-sort-key': ['-', 0, ['get', 'count']],
    },
    paint: { 'icon-translate': [aside, 0], 'icon-opacity': 0.86 },
  };
}

function symbolLayer(layer: 'dormitories' | 'schools', visible: boolean): LayerSpecification {
  return {
    id: `${layer}-point`,
    type: 'symbol',
    source: layer,
    'source-layer': sourceLayer.outlines(layer),
    minzoom: pointsFromZoom,
    filter: ['==', ['geometry-type'], 'Point'],
    layout: {
      visibility: shown(visible),
      'icon-image': `symbol-${layer}`,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.55, 13, 1],
      'icon-allow-overlap': true,
    },
  };
}

const shown = (visible: boolean): 'visible' | 'none' => (visible ? 'visible' : 'none');

/** Layers whose places answer to the pointer, topmost first. */
export const pointedLayers = [
  'establishments-point',
  'schools-point',
  'dormitories-point',
  'dormitories-fill',
  'establishments-gathered',
  'schools-gathered',
  'dormitories-gathered',
  'industrial-parks-symbol',
  'industrial-parks-fill',
  'border-areas-fill',
  'communes-fill',
];
