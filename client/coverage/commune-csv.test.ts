import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en.ts';
import type { Translate } from '../i18n/language.ts';
import { vi } from '../i18n/vi.ts';
import { communeCsv } from './commune-csv.ts';
import type { CommuneRow } from './commune-rows.ts';

const translate =
  (messages: object): Translate =>
  (name) =>
    name
      .split('.')
      .reduce<unknown>((tree, key) => (tree as Record<string, unknown>)[key], messages) as string;

const row: CommuneRow = {
  code: '01234',
  name: 'Phủ Lý',
  type: 'phường',
  terrain: 'urban',
  population: null,
  area_square_km: 11.84,
  province_code: '37',
  province_name: 'Ninh Bình',
  former_province: 'Hà Nam',
  former_units: null,
  adjoining_provinces: [],
  coastal: false,
  simulated: false,
  bounds: [0, 0, 1, 1],
  rank: { rank: 3, of: 9, sharedBy: 1 },
  coverage: {
    code: '01234',
    name: 'Phủ Lý',
    type: 'phường',
    terrain: 'urban',
    inspections: 5,
    active: 16,
    inspected: 3,
    share: 0.1875,
    missing: 1,
  },
};

describe('the table for a spreadsheet', () => {
  it('is written as Vietnamese Excel reads it: semicolons, decimal commas, a mark of UTF-8', () => {
    const lines = communeCsv([row], translate(vi), 'vi').split('\r\n');
    expect(lines[0]!.startsWith('\ufeffMã;')).toBe(true);
    expect(lines[1]).toBe('01234;Phường Phủ Lý;Đô thị;Hà Nam;;"11,84";16;3;5;"18,75";1;3');
  });

  it('is written as English Excel reads it', () => {
    const lines = communeCsv([row], translate(en), 'en').split('\r\n');
    expect(lines[1]).toBe('01234,Phủ Lý ward,Urban,Hà Nam,,11.84,16,3,5,18.75,1,3');
  });

  it('leaves a gap where something is missing, never 0', () => {
    const none = {
      ...row,
      rank: null,
      coverage: { ...row.coverage!, active: 0, inspected: 0, share: null, missing: 0 },
    };
    expect(communeCsv([none], translate(en), 'en').split('\r\n')[1]).toBe(
      '01234,Phủ Lý ward,Urban,Hà Nam,,11.84,0,0,5,,0,',
    );
  });

  it('says on its first line that data are simulated', () => {
    const [first] = communeCsv([{ ...row, simulated: true }], translate(vi), 'vi').split('\r\n');
    expect(first).toBe('\ufeffDỮ LIỆU MÔ PHỎNG');
  });

  it('makes no formula of a name', () => {
    const sly = { ...row, former_province: '=HYPERLINK("http://x")' };
    expect(communeCsv([sly], translate(en), 'en')).toContain('"\'=HYPERLINK(""http://x"")"');
  });
});
