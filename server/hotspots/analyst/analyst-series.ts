import { AnalysisInputError } from '../analysis-input-error.ts';
import { readJsonFile } from './analyst-input.ts';

/** One series of an analyst's file, oldest value first. `z` marks standardised scores, from which a class can be told. */
export type AnalystSeries = {
  id: string | number;
  kind: 'z' | 'values';
  /** NaN where the file has null. */
  values: Float64Array;
  /** Whether each slice is significant, when the file says so (`sig`, or `p` with `alpha`). */
  significant: boolean[] | null;
  alpha: number | null;
};

/**
 * Reads series from JSON: a list of them, `{ "series": [ … ] }`, one alone, or `{ "name": [numbers], … }`. Each is a list of
 * numbers or an object with
 * - `id` or `name` (else its place, from 1);
 * - `z`, standardised scores per slice, or `x` or `values`, plain numbers; null where a slice is missing;
 * - with `z`, optionally `sig` (true or false per slice) or `p` (per slice), and `alpha`.
 */
export function readSeries(path: string, option = '--input'): AnalystSeries[] {
  const document = readJsonFile(path, option);
  const list = listOf(document);
  if (list.length === 0) {
    throw new AnalysisInputError({
      field: option,
      problem: `"${path}" holds no series.`,
      remedy: 'Give a list of objects such as { "id": "a", "z": [0.1, 2.3, …], "sig": [false, true, …] }.',
    });
  }
  const seen = new Set<string>();
  return list.map((entry, index) => {
    const series = seriesOf(entry, index);
    if (seen.has(String(series.id))) {
      throw new AnalysisInputError({
        field: 'id',
        row: `series ${index + 1}`,
        problem: `the id ${JSON.stringify(series.id)} is given twice.`,
        remedy: 'Make the ids unique.',
      });
    }
    seen.add(String(series.id));
    return series;
  });
}

function listOf(document: unknown): unknown[] {
  if (Array.isArray(document))
    return document.every(isNumberOrNull) && document.length > 0 ? [document] : document;
  if (typeof document !== 'object' || document === null) return [];
  const members = document as Record<string, unknown>;
  if (Array.isArray(members.series)) return members.series;
  if (['z', 'x', 'values'].some((name) => Array.isArray(members[name]))) return [members];
  return Object.entries(members)
    .filter(([, value]) => Array.isArray(value) || (typeof value === 'object' && value !== null))
    .map(([name, value]) =>
      Array.isArray(value) ? { id: name, values: value } : { id: name, ...(value as object) },
    );
}

function isNumberOrNull(value: unknown): boolean {
  return typeof value === 'number' || value === null;
}

function seriesOf(entry: unknown, index: number): AnalystSeries {
  const row = `series ${index + 1}`;
  const members = (Array.isArray(entry) ? { values: entry } : entry) as Record<string, unknown> | null;
  const field = ['z', 'x', 'values'].find((name) => Array.isArray(members?.[name]));
  if (!members || !field) {
    throw new AnalysisInputError({
      field: 'z, x or values',
      row,
      problem: 'has no list of numbers.',
      remedy: 'Give "z" (standardised scores) or "values" (plain numbers) as a list, oldest first.',
    });
  }
  const named = members.id ?? members.name;
  const id = typeof named === 'string' || typeof named === 'number' ? named : index + 1;
  const values = numbersOf(members[field] as unknown[], field, `${row} (${id})`);
  const alpha =
    members.alpha === undefined || members.alpha === null ? null : alphaOf(members.alpha, `${row} (${id})`);
  return {
    id,
    kind: field === 'z' ? 'z' : 'values',
    values,
    significant: significanceOf(members, values.length, alpha, `${row} (${id})`),
    alpha,
  };
}

function numbersOf(list: unknown[], field: string, row: string): Float64Array {
  const values = new Float64Array(list.length);
  list.forEach((value, slice) => {
    if (!isNumberOrNull(value)) {
      throw new AnalysisInputError({
        field: `${field}[${slice}]`,
        row,
        problem: `${JSON.stringify(value)} is not a number.`,
        remedy: 'Give a number, or null where the slice is missing.',
      });
    }
    values[slice] = value === null ? Number.NaN : (value as number);
  });
  return values;
}

export function alphaOf(value: unknown, row: string | null): number {
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw new AnalysisInputError({
    field: 'alpha',
    row,
    problem: `${JSON.stringify(value)} is not a level of significance.`,
    remedy: 'Give a number between 0 and 1, such as 0.05.',
  });
}

/** R and spreadsheets write true and false as 1 and 0. */
const isFlag = (value: unknown) => typeof value === 'boolean' || value === 0 || value === 1;

function significanceOf(
  members: Record<string, unknown>,
  slices: number,
  alpha: number | null,
  row: string,
): boolean[] | null {
  const given = Array.isArray(members.sig) ? 'sig' : Array.isArray(members.p) ? 'p' : null;
  if (given === null) return null;
  const list = members[given] as unknown[];
  const sound = list.every((value) => (given === 'sig' ? isFlag(value) : isNumberOrNull(value)));
  if (list.length !== slices || !sound) {
    throw new AnalysisInputError({
      field: given,
      row,
      problem: `is not a list of ${slices} ${given === 'sig' ? 'true or false' : 'numbers'}, one for each slice.`,
      remedy: 'Give one for each slice, or leave it away.',
    });
  }
  if (given === 'sig') return list.map(Boolean);
  return list.map((p) => p !== null && (p as number) <= (alpha ?? 0.05));
}
