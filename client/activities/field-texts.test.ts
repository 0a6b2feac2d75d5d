import { describe, expect, it } from 'vitest';
import { dayAfter, readCount, readShortDay } from './field-texts.ts';

describe('a count as it is written', () => {
  it('is read with and without thousands parted', () => {
    expect(['0', '120', ' 1234 ', '1.234', '1,234', '1 234', '1\u00a0234.567'].map(readCount)).toEqual([
      0, 120, 1234, 1234, 1234, 1234, 1234567,
    ]);
  });

  it('is not guessed from a slip', () => {
    for (const text of [
      '',
      ' ',
      '1,5',
      '1.23',
      '12.34',
      '1..234',
      '-3',
      '3e2',
      '0x10',
      '1.234.5',
      '²',
      '99999999999999999999',
    ])
      expect([text, readCount(text)]).toEqual([text, null]);
  });
});

describe('a day as it is written', () => {
  const today = '2026-11-24';

  it('is read whole, whatever parts it', () => {
    for (const text of ['5/11/2026', '05.11.2026', '5-11-26', ' 5/11/2026 '])
      expect([text, readShortDay(text, today)]).toEqual([text, '2026-11-05']);
  });

  it('without a year or a month is the last such day up to today', () => {
    expect(readShortDay('24/11', today)).toBe('2026-11-24');
    expect(readShortDay('25/11', today)).toBe('2025-11-25');
    expect(readShortDay('24', today)).toBe('2026-11-24');
    expect(readShortDay('25', today)).toBe('2026-10-25');
    // November has no 31st, and 31 October is past.
    expect(readShortDay('31', today)).toBe('2026-10-31');
    expect(readShortDay('31', '2026-01-05')).toBe('2025-12-31');
    // 2024 was the last leap year before 2026; before 2104 it is 2096, since 2100 is none.
    expect(readShortDay('29/2', today)).toBe('2024-02-29');
    expect(readShortDay('29/2', '2104-02-28')).toBe('2096-02-29');
  });

  it('can be the next such day, for what is due', () => {
    expect(readShortDay('14/12', today, { coming: true })).toBe('2026-12-14');
    expect(readShortDay('5/1', today, { coming: true })).toBe('2027-01-05');
    expect(readShortDay('10', today, { coming: true })).toBe('2026-12-10');
    expect(readShortDay('24', today, { coming: true })).toBe('2026-11-24');
  });

  it('is nothing where there is no such day', () => {
    for (const text of [
      '',
      '31/2',
      '30/02/2026',
      '0',
      '32',
      '5/13',
      'hôm qua',
      '2026-11-05',
      '1/2/3/4',
      '5/11/226',
    ])
      expect([text, readShortDay(text, today)]).toEqual([text, null]);
  });

  it('moves over ends of months and years', () => {
    expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28');
    expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
  });
});
