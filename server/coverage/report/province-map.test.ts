import { describe, expect, it } from 'vitest';
import { mapClasses } from './indicator-map.ts';
import { type MapClass, provinceMapSvg } from './province-map.ts';
import { madeUpFigure, madeUpIndicators } from './testing/made-up-report.ts';

const plain: MapClass = { fill: 'grey', words: 'Đã thực hiện' };
/** One square of 100,000 mercator metres, its middle at a latitude, drawn 100 mm wide. */
function squareAt(latitude: number): string {
  const middle = 6_378_137 * Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  const [west, east, south, north] = [0, 100_000, middle - 50_000, middle + 50_000];
  const polygons = [
    [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  ];
  return provinceMapSvg({
    name: 'test',
    areas: [{ code: '1', label: '<1>', polygons, labelAt: [50_000, middle], mapClass: plain }],
    classes: [plain],
    highlighted: null,
    widthMillimeters: 100,
    maximumHeightMillimeters: 500,
    areaWords: 'xã, phường',
    mark: null,
  }).svg;
}
/** How long the bar is drawn, of which the black box is the first half, and what is written at its end. */
const barOf = (svg: string) => ({
  words: svg.match(/>(\d+) km</)![1],
  tenthsOfMillimeters: 2 * Number(svg.match(/width="([\d.]+)" height="12" fill="#000"/)![1]),
});

describe('the scale bar', () => {
  // 96 mm between the margins are 100 km on the equator: 20 km are 19.2 mm, and 50 km would be longer than 32 mm.
  it('is true on the equator', () => {
    expect(barOf(squareAt(0))).toEqual({ words: '20', tenthsOfMillimeters: 192 });
  });

  // At 60° a metre on the ground is two of mercator's: the square is 50 km wide, so that 10 km are 19.2 mm.
  it('knows that mercator grows towards the pole', () => {
    expect(barOf(squareAt(60))).toEqual({ words: '10', tenthsOfMillimeters: 192 });
  });
});

describe('the drawing', () => {
  it('writes labels as text, whatever is in them', () => {
    expect(squareAt(20)).toContain('>&#60;1&#62;</text>');
  });

  it('says in the legend how many areas each class has', () => {
    expect(squareAt(20)).toContain('Đã thực hiện: 1 xã, phường');
  });
});

describe('classes of a share', () => {
  it('end at the target and at its half, both counted upwards', () => {
    const inspected = madeUpIndicators.find(({ id }) => id === 'establishments-inspected')!;
    const { classOf } = mapClasses(inspected, []);
    const fill = (numerator: number, denominator: number | null) =>
      classOf(madeUpFigure(inspected.id, { numerator, denominator })).fill;
    // of 1,000 with a target of 20 %
    expect([fill(200, 1000), fill(199, 1000), fill(100, 1000), fill(99, 1000), fill(1, 1000)]).toEqual([
      'grey',
      'lined',
      'lined',
      'light',
      'light',
    ]);
    expect([fill(0, 1000), fill(0, 0), fill(0, null)]).toEqual(['none', 'hatched', 'hatched']);
    expect(classOf(undefined).fill).toBe('hatched');
  });
});
