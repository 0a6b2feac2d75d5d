import { GeoJsonLayer, PathLayer } from '@deck.gl/layers';
import type { Feature, MultiPolygon } from 'geojson';
import { contourLines, type Density, type DensityBand } from './density-bands.ts';

type BandProperties = { low: number; high: number | null };
type ContourLine = ReturnType<typeof contourLines>[number];

/** The surface as filled bands with their contours, in the map's own stack beneath `beforeId`. */
export function densityLayers(
  contours: Density['contours'],
  bands: readonly DensityBand[],
  { visible, beforeId }: { visible: boolean; beforeId: string },
) {
  const bandOf = (low: number) => bands.find((band) => band.low === low) ?? bands[0]!;
  const shared = {
    visible,
    // Coplanar with the map: without a depth test layers are drawn in their order.
    parameters: { depthCompare: 'always', depthWriteEnabled: false, cullMode: 'none' },
    ...{ beforeId },
  } as const;
  const lines = {
    ...shared,
    data: contourLines(contours.features),
    getPath: ({ path }: ContourLine) => path,
    widthUnits: 'pixels',
    jointRounded: true,
  } as const;
  return [
    new GeoJsonLayer<BandProperties>({
      ...shared,
      id: 'density-bands',
      data: contours.features as Feature<MultiPolygon, BandProperties>[],
      stroked: false,
      getFillColor: (feature) =>
        bandOf((feature as Feature<MultiPolygon, BandProperties>).properties.low).fill,
    }),
    // A pale rim, so that contours are seen on the darkest classes of coverage too.
    new PathLayer<ContourLine>({
      ...lines,
      id: 'density-contour-rims',
      getColor: [255, 255, 255, 120],
      getWidth: ({ low }) => bandOf(low).lineWidthPixels + 1.6,
    }),
    new PathLayer<ContourLine>({
      ...lines,
      id: 'density-contours',
      getColor: ({ low }) => bandOf(low).line,
      getWidth: ({ low }) => bandOf(low).lineWidthPixels,
    }),
  ];
}
