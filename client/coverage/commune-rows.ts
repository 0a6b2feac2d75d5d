import type { CommuneInspectionCoverage } from '../../contract/coverage-inspections.ts';
import type { Commune } from '../places/communes.ts';
import { type Rank, rankByShare } from './ranking.ts';
import { sortedBy } from './table-order.ts';

/** A commune with its facts and its coverage: what the map, the table and the panel show alike. */
export type CommuneRow = Commune & {
  coverage: CommuneInspectionCoverage | null;
  rank: Rank | null;
};

export function communeRows(
  communes: readonly Commune[],
  coverage: readonly CommuneInspectionCoverage[],
): CommuneRow[] {
  const byCode = new Map(coverage.map((one) => [one.code, one]));
  const ranks = rankByShare(coverage);
  return communes.map((commune) => ({
    ...commune,
    coverage: byCode.get(commune.code) ?? null,
    rank: ranks.get(commune.code) ?? null,
  }));
}

export const sortKeys = [
  'name',
  'rank',
  'code',
  'type',
  'terrain',
  'active',
  'inspected',
  'inspections',
  'share',
  'missing',
  'population',
  'area',
  'formerProvince',
] as const;
export type SortKey = (typeof sortKeys)[number];
export type SortOrder = { key: SortKey; descending: boolean };

const sortValue: Record<SortKey, (row: CommuneRow) => string | number | null> = {
  name: (row) => row.name,
  rank: (row) => row.rank?.rank ?? null,
  code: (row) => row.code,
  type: (row) => row.type,
  terrain: (row) => row.terrain,
  active: (row) => row.coverage?.active ?? null,
  inspected: (row) => row.coverage?.inspected ?? null,
  inspections: (row) => row.coverage?.inspections ?? null,
  share: (row) => row.coverage?.share ?? null,
  missing: (row) => row.coverage?.missing ?? null,
  population: (row) => row.population,
  area: (row) => row.area_square_km,
  formerProvince: (row) => row.former_province,
};

export const sortRows = (rows: readonly CommuneRow[], { key, descending }: SortOrder): CommuneRow[] =>
  sortedBy(rows, sortValue[key], descending);

export const rowFilters = ['all', 'below', 'met', 'border'] as const;
export type RowFilter = (typeof rowFilters)[number];

export function filterRows(rows: readonly CommuneRow[], filter: RowFilter, target: number): CommuneRow[] {
  const kept: Record<RowFilter, (row: CommuneRow) => boolean> = {
    all: () => true,
    below: ({ coverage }) => coverage !== null && coverage.share !== null && coverage.share < target,
    met: ({ coverage }) => coverage !== null && coverage.share !== null && coverage.share >= target,
    border: ({ adjoining_provinces, coastal }) => adjoining_provinces.length > 0 || coastal,
  };
  return rows.filter(kept[filter]);
}
