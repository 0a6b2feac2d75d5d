import { describe, expect, it } from 'vitest';
import { type CommuneRow, communeRows, filterRows, sortRows } from './commune-rows.ts';

function row(
  code: string,
  name: string,
  active: number,
  inspected: number,
  more: Partial<CommuneRow> = {},
): CommuneRow {
  const share = active === 0 ? null : inspected / active;
  return {
    code,
    name,
    type: 'xã',
    terrain: null,
    population: null,
    area_square_km: 1,
    province_code: '37',
    province_name: 'Ninh Bình',
    former_province: null,
    former_units: null,
    adjoining_provinces: [],
    coastal: false,
    simulated: true,
    bounds: [0, 0, 1, 1],
    rank: null,
    coverage: {
      code,
      name,
      type: 'xã',
      terrain: null,
      inspections: inspected,
      active,
      inspected,
      share,
      missing: 0,
    },
    ...more,
  };
}
const names = (rows: readonly CommuneRow[]) => rows.map(({ name }) => name);
const rows = [
  row('00003', 'Đồng Văn', 10, 1, { population: 5000 }),
  row('00001', 'An', 0, 0),
  row('00002', 'Dương', 10, 3, { coastal: true, population: 300 }),
  row('00004', 'Đan', 10, 2, { adjoining_provinces: ['Hà Nội'] }),
];

describe('sorting', () => {
  it('follows the Vietnamese alphabet, where đ comes after d', () => {
    expect(names(sortRows(rows, { key: 'name', descending: false }))).toEqual([
      'An',
      'Dương',
      'Đan',
      'Đồng Văn',
    ]);
  });

  it('puts what is missing last in either direction', () => {
    expect(names(sortRows(rows, { key: 'share', descending: true }))).toEqual([
      'Dương',
      'Đan',
      'Đồng Văn',
      'An',
    ]);
    expect(names(sortRows(rows, { key: 'share', descending: false }))).toEqual([
      'Đồng Văn',
      'Đan',
      'Dương',
      'An',
    ]);
    expect(names(sortRows(rows, { key: 'population', descending: true }))).toEqual([
      'Đồng Văn',
      'Dương',
      'An',
      'Đan',
    ]);
  });

  it('leaves the rows it was given as they were', () => {
    const before = [...rows];
    sortRows(rows, { key: 'name', descending: true });
    expect(rows).toEqual(before);
  });
});

describe('filtering', () => {
  it('counts a commune without establishments neither as below nor as met', () => {
    expect(names(filterRows(rows, 'below', 0.2))).toEqual(['Đồng Văn']);
    expect(names(filterRows(rows, 'met', 0.2))).toEqual(['Dương', 'Đan']);
  });

  it('takes adjoining and coastal communes together', () => {
    expect(names(filterRows(rows, 'border', 0.2))).toEqual(['Dương', 'Đan']);
  });
});

it('joins coverage by code; a commune that has none is kept without', () => {
  const { coverage, rank, ...commune } = rows[2]!;
  const joined = communeRows([commune, { ...commune, code: '09999' }], [coverage!]);
  expect(joined.map(({ coverage: found, rank: place }) => [found?.share ?? null, place])).toEqual([
    [0.3, { rank: 1, of: 1, sharedBy: 1 }],
    [null, null],
  ]);
  expect(rank).toBeNull();
});
