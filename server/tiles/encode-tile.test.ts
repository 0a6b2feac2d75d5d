import { describe, expect, it } from 'vitest';
import { hexWkb } from '../places/well-known-binary.ts';
import { decodeTile } from '../testing/decoded-tile.ts';
import { encodeTile } from './encode-tile.ts';

const wkb = (geometry: Parameters<typeof hexWkb>[0]) => Buffer.from(hexWkb(geometry, 3857), 'hex');

describe('encodeTile', () => {
  it('makes no bytes of no features', () => {
    expect(encodeTile([])).toHaveLength(0);
  });

  it('keeps ids, attributes of every kind, points, holes and parts; leaves missing values out', () => {
    const outer = [
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
      [0, 0],
    ];
    const hole = [
      [10, 10],
      [10, 20],
      [20, 20],
      [10, 10],
    ];
    const island = [
      [-64, -64],
      [-60, -64],
      [-60, -60],
      [-64, -64],
    ];
    const bytes = encodeTile([
      {
        layer: 'areas',
        feature_id: 8_589_934_592,
        attributes: {
          name: 'Đồng "Văn"',
          workers: 1200,
          share: 0.25,
          below: -3,
          simulated: false,
          gone: null,
        },
        geom: wkb({ type: 'MultiPolygon', coordinates: [[outer, hole], [island]] }),
      },
      {
        layer: 'places',
        feature_id: 1,
        attributes: { simulated: true },
        geom: wkb({ type: 'Point', coordinates: [4160, -64] }),
      },
    ]);
    const open = (ring: number[][]) => ring.slice(0, -1);
    expect(decodeTile(bytes)).toEqual({
      areas: [
        {
          id: 8_589_934_592,
          type: 3,
          properties: { name: 'Đồng "Văn"', workers: 1200, share: 0.25, below: -3, simulated: false },
          parts: [open(outer), open(hole), open(island)],
        },
      ],
      places: [{ id: 1, type: 1, properties: { simulated: true }, parts: [[[4160, -64]]] }],
    });
  });

  it('refuses a geometry that no layer has', () => {
    const line = {
      layer: 'lines',
      feature_id: 1,
      attributes: {},
      geom: Buffer.from('010200000000000000', 'hex'),
    };
    expect(() => encodeTile([line])).toThrow(/LineString/);
  });
});
