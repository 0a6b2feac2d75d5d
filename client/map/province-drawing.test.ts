import { describe, expect, it } from 'vitest';
import { provinceDrawing } from './province-drawing.ts';

const square = (west: number, south: number, size = 1): [number, number][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const outline = (code: string, ...rings: [number, number][][]) => ({
  code,
  geometry: { type: 'Polygon', coordinates: rings },
});
const pairs = (path: string) => path.split('M').length - 1;

describe('a province as a drawing', () => {
  it('is 1,000 wide with a margin of 30, north up, as high as the middle latitude makes it', () => {
    // At 60° a degree of longitude is half as long as one of latitude: 940 wide is 1,880 high.
    const drawing = provinceDrawing([outline('a', square(0, 59.5))]);
    expect([drawing.width, drawing.height]).toEqual([1000, 1940]);
    expect(drawing.place([0, 60.5])).toEqual([30, 30]);
    expect(drawing.place([1, 59.5]).map(Math.round)).toEqual([970, 1910]);
    expect(drawing.communes[0]!.label.map(Math.round)).toEqual([500, 970]);
    // 1,880 units are one degree of latitude, 111.2 km.
    expect(drawing.unitsPerKm).toBeCloseTo(16.91, 2);
  });

  it('draws a common border once, and the outer edge apart from it', () => {
    const drawing = provinceDrawing([outline('a', square(0, 0)), outline('b', square(1, 0))]);
    expect(pairs(drawing.borders)).toBe(1);
    const [top, bottom] = drawing.borders.slice(1).split('L');
    expect(top!.split(' ')[0]).toBe(bottom!.split(' ')[0]);
    expect(drawing.communes.map(({ code }) => code)).toEqual(['a', 'b']);
  });

  it('gives the edge of some communes together without the border between them', () => {
    const drawing = provinceDrawing([
      outline('a', square(0, 0)),
      outline('b', square(1, 0)),
      outline('c', square(5, 0)),
    ]);
    expect(pairs(drawing.edgeOf(new Set(['a', 'b'])))).toBe(1);
    expect(pairs(drawing.edgeOf(new Set(['a', 'c'])))).toBe(2);
    expect(drawing.edgeOf(new Set())).toBe('');
  });

  it('knows who shares a border: not across a corner, and not across a gap', () => {
    // a b    d touches a only in the corner between them; e lies apart.
    // c d
    const { neighbours } = provinceDrawing([
      outline('a', square(0, 1)),
      outline('b', square(1, 1)),
      outline('c', square(0, 0)),
      outline('d', square(1, 0)),
      outline('e', square(5, 0)),
    ]);
    expect([...neighbours]).toEqual([
      ['a', ['b', 'c']],
      ['b', ['a', 'd']],
      ['c', ['a', 'd']],
      ['d', ['b', 'c']],
      ['e', []],
    ]);
  });

  it('keeps holes, and labels the largest part', () => {
    const inner = square(1, 1).reverse();
    const [drawn] = provinceDrawing([outline('a', square(0, 0, 3), inner)]).communes;
    expect(pairs(drawn!.path)).toBe(2);
    const parts = {
      code: 'b',
      geometry: { type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], [square(10, 0, 4)]] },
    };
    const drawing = provinceDrawing([parts]);
    const [x] = drawing.communes[0]!.label;
    expect(x).toBeCloseTo(drawing.place([12, 0])[0], 6);
  });

  it('leaves out what has no outline, and draws nothing from nothing', () => {
    expect(provinceDrawing([{ code: 'a', geometry: null }]).communes).toEqual([]);
    expect(provinceDrawing([]).edge).toBe('');
  });
});
