import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { mediumFont, semiboldFont } from '../map/base-style.ts';
import { palette } from '../map/palette.ts';
import { sourceLayer } from '../map/tile-sources.ts';
import { type CoverageClass, classOf } from './coverage-classes.ts';

type Share = { code: string; share: number | null };

const outlines = { source: 'communes', 'source-layer': sourceLayer.outlines('communes') } as const;

/**
 * The ground of the map: communes filled by class, opaque, so that the line beneath shows only along the outer edge and
 * becomes the province's outline without the outline being on record.
 */
export function communeFillLayers(
  shares: readonly Share[],
  classes: readonly CoverageClass[],
  visible: boolean,
): LayerSpecification[] {
  return [
    {
      id: 'communes-halo',
      type: 'line',
      ...outlines,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.halo, 'line-width': 16, 'line-blur': 14, 'line-opacity': 0.55 },
    },
    {
      id: 'communes-edge',
      type: 'line',
      ...outlines,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.borderStrong, 'line-width': 3 },
    },
    {
      id: 'communes-fill',
      type: 'fill',
      ...outlines,
      paint: { 'fill-color': visible ? fillColor(shares, classes) : palette.land, 'fill-antialias': false },
    },
    {
      id: 'communes-none',
      type: 'fill',
      ...outlines,
      filter: [
        'in',
        ['get', 'code'],
        ['literal', shares.filter(({ share }) => share === null).map(({ code }) => code)],
      ],
      layout: { visibility: visible ? 'visible' : 'none' },
      paint: { 'fill-pattern': 'hatch-none' },
    },
  ];
}

/**
 * Communes without a share are grey and never in the lowest class; those that the answer does not name, since they are not
 * the account's to see, have the colour of the land.
 */
function fillColor(
  shares: readonly Share[],
  classes: readonly CoverageClass[],
): ExpressionSpecification | string {
  const known = shares.flatMap(({ code, share }) => {
    const found = classOf(classes, share);
    return [code, found?.color ?? palette.none];
  });
  return known.length
    ? (['match', ['get', 'code'], ...known, palette.land] as unknown as ExpressionSpecification)
    : palette.land;
}

export function communeLineLayers(selected: string | null): LayerSpecification[] {
  const isSelected: ExpressionSpecification = ['==', ['get', 'code'], selected ?? ''];
  return [
    {
      id: 'communes-line',
      type: 'line',
      ...outlines,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.border,
        'line-width': ['interpolate', ['linear'], ['zoom'], 7, 0.5, 10, 1.1, 14, 2],
      },
    },
    {
      id: 'communes-hover',
      type: 'line',
      ...outlines,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.ink,
        'line-width': 1.6,
        'line-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.85, 0],
      },
    },
    {
      id: 'communes-selected-casing',
      type: 'line',
      ...outlines,
      filter: isSelected,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': 6 },
    },
    {
      id: 'communes-selected',
      type: 'line',
      ...outlines,
      filter: isSelected,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.ink, 'line-width': 2.6 },
    },
  ];
}

/** Names of communes, wards first where there is no room for all. */
export function communeLabelLayers(selected: string | null): LayerSpecification[] {
  return [
    {
      id: 'communes-label',
      type: 'symbol',
      source: 'communes',
      'source-layer': sourceLayer.communeLabels,
      minzoom: 8.4,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [
          'case',
          ['==', ['get', 'code'], selected ?? ''],
          ['literal', semiboldFont],
          ['literal', mediumFont],
        ],
        'text-size': ['interpolate', ['linear'], ['zoom'], 8.4, 10, 10, 12, 13, 15],
        'text-max-width': 7,
        'text-padding': 4,
        'symbol-sort-key': [
          'case',
          ['==', ['get', 'code'], selected ?? ''],
          0,
          ['==', ['get', 'type'], 'phường'],
          1,
          2,
        ],
      },
      paint: {
        'text-color': palette.label,
        'text-halo-color': 'rgba(255,255,255,0.85)',
        'text-halo-width': 1.3,
        'text-halo-blur': 0.4,
      },
    },
  ];
}
