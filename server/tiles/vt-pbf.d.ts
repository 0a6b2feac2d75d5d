declare module 'vt-pbf' {
  type Feature = {
    id: number;
    properties: Record<string, string | number | boolean | null>;
    /** 1 point, 2 line, 3 polygon */
    type: 1 | 2 | 3;
    loadGeometry(): { x: number; y: number }[][];
  };
  type Layer = {
    version: number;
    name: string;
    extent: number;
    length: number;
    feature(index: number): Feature;
  };
  export function fromVectorTileJs(tile: { layers: Record<string, Layer> }): Uint8Array;
}
