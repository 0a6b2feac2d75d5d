import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** The path of a file among the reference cases. */
export function casePath(name: string): string {
  return new URL(`./cases/${name}`, import.meta.url).pathname;
}

export function caseJson<T>(name: string): T {
  return JSON.parse(readFileSync(casePath(name), 'utf8')) as T;
}

export function caseRows(name: string): Record<string, string>[] {
  return parse(readFileSync(casePath(name), 'utf8'), { columns: true }) as Record<string, string>[];
}

export function numbers(rows: Record<string, string>[], column: string): Float64Array {
  return Float64Array.from(rows, (row) => Number(row[column]));
}

/** The largest |ours − theirs| / max(|theirs|, 1): absolute near zero, relative elsewhere. */
export function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let largest = ours.length === theirs.length && ours.length > 0 ? 0 : Infinity;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i]! - theirs[i]!) / Math.max(Math.abs(theirs[i]!), 1);
    largest = difference <= largest ? largest : difference;
  }
  return largest;
}
