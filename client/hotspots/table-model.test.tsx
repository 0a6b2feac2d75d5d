import { describe, expect, it } from 'vitest';
import type { Translate } from '../i18n/language.ts';
import { formats } from '../ui/formats.ts';
import { describeCommune } from './describe-commune.ts';
import { tableCsv } from './table-csv.ts';
import { sortedRows, tableOf } from './table-model.tsx';
import type { Answered } from './use-analysis.ts';

/** Messages by their names and what is filled in. */
const t: Translate = (name, values) =>
  [name.replace('hotspots.', ''), ...Object.values(values ?? {})].join(' ');
const words = { t, format: formats.vi, language: 'vi', nameOf: (code: string) => `Xã ${code}` } as const;

const area = (id: string, z: number | null, one: string) => ({
  id,
  name: `xã ${id}`,
  violations: 3,
  inspections: 12,
  rate: 0.25,
  estimate: 0.2,
  value: 1,
  z,
  p: 0.01,
  pAdjusted: 0.0004,
  class: one,
});
const local = {
  name: 'local',
  answer: {
    areas: [area('B', 1.5, 'not-significant'), area('Ă', null, 'hot-99'), area('A', -2, 'cold-95')],
    notTestable: [{ id: 'C', name: 'xã C', reason: 'it has no neighbours' }],
  },
} as unknown as Answered;

const ids = (key: string, descending: boolean) =>
  sortedRows(tableOf(local, words), { key, descending }).map(({ id }) => id);

describe('the table of communes', () => {
  it('has a row for each area and for each that could not be tested, with the reason and no figures', () => {
    const { rows, columns } = tableOf(local, words);
    expect(rows).toHaveLength(4);
    expect(rows[0]!.cells.slice(0, 7).map(({ shown, value }) => shown ?? value)).toEqual([
      'Xã B',
      '3',
      '12',
      '25,0\u00a0%',
      '20,0\u00a0%',
      '1,50',
      '< 0,001',
    ]);
    const untested = rows[3]!.cells;
    expect(untested).toHaveLength(columns.length);
    expect(untested.slice(1, 7).map(({ value }) => value)).toEqual([null, null, null, null, null, null]);
    expect(untested[7]!.words).toContain('không giáp xã, phường nào');
  });

  it('is sorted with what is missing last in either direction, and names by the alphabet of Vietnamese', () => {
    expect(ids('z', true)).toEqual(['B', 'A', 'Ă', 'C']);
    expect(ids('z', false)).toEqual(['A', 'B', 'Ă', 'C']);
    expect(ids('name', false)).toEqual(['A', 'Ă', 'B', 'C']);
    expect(ids('class', true)).toEqual(['Ă', 'B', 'A', 'C']);
  });

  it('is written for a spreadsheet with the mark of simulated data, decimal commas and empty cells', () => {
    const lines = tableCsv(tableOf(local, words), { t, language: 'vi', simulated: true }).split('\r\n');
    expect(lines[0]).toBe('\ufeffproduct.simulated');
    expect(lines[2]).toBe('Xã B;3;12;0,25;0,2;1,5;0,0004;classes.not-significant');
    expect(lines[5]).toMatch(/^Xã C;;;;;;;/);
    const english = tableCsv(tableOf(local, words), { t, language: 'en', simulated: false });
    expect(english.split('\r\n')[1]).toBe('Xã B,3,12,0.25,0.2,1.5,0.0004,classes.not-significant');
  });

  it('never runs a name as a formula', () => {
    const named = tableOf(local, { ...words, nameOf: () => '=1+1' });
    expect(tableCsv(named, { t, language: 'en', simulated: false }).split('\r\n')[1]).toMatch(/^'=1\+1,/);
  });
});

describe('one commune in words', () => {
  it('has its class, its figures and how sure they are', () => {
    expect(describeCommune(local, 'B', words)).toMatchObject({
      title: 'classes.not-significant',
      lines: ['tip.violations 3 12', 'tip.rate 25,0\u00a0% 20,0\u00a0%', 'tip.tested 1,50 p < 0,001'],
    });
  });

  it('says why it could not be tested, and that nothing is known of one that the answer leaves out', () => {
    expect(describeCommune(local, 'C', words).lines).toEqual([
      'tip.notTestable không giáp xã, phường nào trên bản đồ',
    ]);
    expect(describeCommune(local, 'X', words).lines).toEqual(['common.notOnRecord']);
  });

  it('names the clusters that hold it, with their days', () => {
    const scan = {
      name: 'scan',
      answer: {
        clusters: [
          { codes: ['A', 'B'], observed: 12, expected: 4.25, p: 0.02, from: '2026-01-01', to: '2026-03-31' },
        ],
      },
    } as unknown as Answered;
    expect(describeCommune(scan, 'B', words).lines).toEqual([
      'tip.cluster 1 12 4,3 p = 0,020 (01/01/2026 – 31/03/2026)',
    ]);
    expect(describeCommune(scan, 'C', words).lines).toEqual(['tip.outside']);
  });
});
