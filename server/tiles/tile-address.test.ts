import { describe, expect, it } from 'vitest';
import { ProblemError } from '../http/problem.ts';
import { askedTile, askedTileJson, tileFrame } from './tile-address.ts';

const problemOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  return null;
};

describe('askedTile', () => {
  it('reads an address, with collections in the order of the list and each once', () => {
    expect(
      askedTile({ collections: 'establishments,communes,communes', z: '14', x: '13000', file: '7216.mvt' }),
    ).toEqual({
      collections: ['communes', 'establishments'],
      z: 14,
      x: 13000,
      y: 7216,
    });
    expect(askedTile({ collections: 'schools', z: '0', x: '0', file: '0.mvt' })).toMatchObject({
      z: 0,
      x: 0,
      y: 0,
    });
  });

  it.each([
    [{ z: '99' }, 'path z', /0 to 14/],
    [{ z: '15' }, 'path z', /0 to 14/],
    [{ z: '-1' }, 'path z', /0 to 14/],
    [{ z: '1e1' }, 'path z', /0 to 14/],
    [{ z: '03' }, 'path z', /0 to 14/],
    [{ z: '' }, 'path z', /0 to 14/],
    [{ x: '8' }, 'path x', /0 to 7/],
    [{ x: '99999999999999999999' }, 'path x', /0 to 7/],
    [{ file: '8.mvt' }, 'path y', /0 to 7/],
    [{ file: '-1.mvt' }, 'path y', /0 to 7/],
    [{ file: 'abc.mvt' }, 'path y', /0 to 7/],
    [{ file: '1.png' }, 'path extension', /\.mvt/],
    [{ file: '1.pbf' }, 'path extension', /\.mvt/],
    [{ file: '1' }, 'path extension', /\.mvt/],
    [{ file: '1.mvt.mvt' }, 'path extension', /\.mvt/],
    [
      { collections: 'roads' },
      'path collection',
      /communes, border-areas, industrial-parks, dormitories, schools/,
    ],
    [{ collections: 'communes,' }, 'path collection', /joined by commas/],
    [{ collections: 'communes,reports' }, 'path collection', /joined by commas/],
    [{ collections: 'toString' }, 'path collection', /joined by commas/],
  ])('refuses %j, naming the part and what is allowed', (wrong, where, remedy) => {
    const problem = problemOf(() =>
      askedTile({ collections: 'communes', z: '3', x: '6', file: '3.mvt', ...wrong }),
    );
    expect(problem).toMatchObject({ status: 404, where });
    expect(problem?.remedy).toMatch(remedy);
  });
});

describe('askedTileJson', () => {
  it('takes .json alone', () => {
    expect(askedTileJson('schools,communes.json')).toEqual(['communes', 'schools']);
    expect(problemOf(() => askedTileJson('communes'))).toMatchObject({ status: 404 });
    expect(problemOf(() => askedTileJson('communes.xml'))).toMatchObject({ status: 404 });
    expect(problemOf(() => askedTileJson('roads.json'))).toMatchObject({
      status: 404,
      where: 'path collection',
    });
  });
});

describe('tileFrame', () => {
  it('is the whole world at zoom 0 and an eighth of its side at zoom 3', () => {
    const world = 20_037_508.342789244;
    const whole = tileFrame({ z: 0, x: 0, y: 0 }, 0);
    expect(whole).toMatchObject({ west: -world, south: -world, left: 0, top: 0 });
    expect(whole.east).toBeCloseTo(world, 6);
    expect(whole.unitMeters).toBeCloseTo(9783.9396205, 6);
    const part = tileFrame({ z: 3, x: 6, y: 3 }, 0);
    expect(part.west).toBeCloseTo(world / 2, 6);
    expect(part.north).toBeCloseTo(world / 4, 6);
    expect(part.south).toBeCloseTo(0, 6);
    expect(part.left).toBe(6 * 4096);
    // 64 of 4096 units beyond on every side
    const buffered = tileFrame({ z: 3, x: 6, y: 3 });
    expect(part.west - buffered.west).toBeCloseTo(world / 4 / 64, 6);
    expect(buffered.north - part.north).toBeCloseTo(world / 4 / 64, 6);
  });
});
