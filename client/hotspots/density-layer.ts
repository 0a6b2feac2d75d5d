import { GeoJsonLayer } from '@deck.gl/layers';
import type { Feature, MultiPolygon } from 'geojson';
import type { Density, DensityBand } from './density-bands.ts';

type BandProperties = { low: number; high: number | null };

/**
 * The surface as filled bands with their contours, in the map's own stack beneath `beforeId`.
 */
export function densityLayer(
  contours: Density['contours'],
  bands: readonly DensityBand[],
  { visible, beforeId }: { visible: boolean; beforeId: string },
) {
  const bandOf = (feature: Feature) =>
    bands.find(({ low }) => low === (feature.properties as BandProperties).low) ?? bands[0]!;
  return new GeoJsonLayer<BandProperties>({
    id: 'density',
    data: contours.features as Feature<MultiPolygon, BandProperties>[],
    visible,
    filled: true,
    stroked: true,
    getFillColor: (feature) => bandOf(feature as Feature).fill,
    getLineColor: (feature) => bandOf(feature as Feature).line,
    getLineWidth: (feature) => bandOf(feature as Feature).lineWidthPixels,
    lineWidthUnits: 'pixels',
    lineJointRounded: true,
    // Coplanar with the map: without a depth test bands are drawn in their order, lowest first.
    parameters: { depthCompare: 'always', depthWriteEnabled: false, cullMode: 'none' },
    ...{ beforeId },
  });
}
