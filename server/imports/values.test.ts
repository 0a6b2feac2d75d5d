import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeReader,
  isMissing,
  labelledCodes,
  readBoolean,
  readDay,
  readList,
  readNumber,
} from './values.ts';

const whole = { whole: true };
const decimal = { whole: false };

describe('numbers', () => {
  it.each([
    ['4.412.264', 4_412_264],
    ['4,412,264', 4_412_264],
    ['4 412 264', 4_412_264],
    ['1.234', 1234],
    ['1,234', 1234],
    ['62893', 62_893],
    [' 12 ', 12],
    ['-5', -5],
  ])('reads the whole number %s', (text, value) => expect(readNumber(text, whole)).toBe(value));

  it.each([
    ['3.942,62', 3942.62],
    ['3,942.62', 3942.62],
    ['3942,62', 3942.62],
    ['1.234', 1.234],
    ['1,234', 1.234],
    ['1.234.567', 1_234_567],
    ['0,5', 0.5],
    ['11.84', 11.84],
  ])('reads the decimal number %s', (text, value) => expect(readNumber(text, decimal)).toBe(value));

  it('follows the style given where a number could be either', () => {
    expect(readNumber('1.234', { whole: false, style: 'vi' })).toBe(1234);
    expect(readNumber('1,234', { whole: false, style: 'en' })).toBe(1234);
    expect(readNumber('1,234', { whole: false, style: 'vi' })).toBe(1.234);
  });

  it.each(['12,34,5', '1.23.456', '1.2.3', 'khoảng 30', '3,942.62,1', '12 km', '1..2', '.'])(
    'refuses %s',
    (text) => {
      expect(() => readNumber(text, decimal)).toThrow(/a number/);
    },
  );

  it('refuses a fraction where a whole number is wanted', () => {
    expect(() => readNumber('12,5', whole)).toThrow(/whole number/);
    expect(() => readNumber(12.5, whole)).toThrow(/whole number/);
  });

  it('reads back what Vietnamese and English formats write', () => {
    for (const locale of ['vi-VN', 'en-US'] as const)
      fc.assert(
        fc.property(fc.integer({ min: -2e9, max: 2e9 }), fc.integer({ min: 0, max: 99 }), (units, cents) => {
          const style = locale === 'vi-VN' ? 'vi' : 'en';
          const value = Number(`${units}.${String(cents).padStart(2, '0')}`);
          const written = value.toLocaleString(locale, { minimumFractionDigits: 2 });
          expect(readNumber(written, decimal)).toBe(value);
          expect(readNumber(units.toLocaleString(locale), whole)).toBe(units);
          expect(readNumber(value.toLocaleString(locale), { whole: false, style })).toBe(value);
        }),
        { seed: 20261 },
      );
  });
});

describe('days', () => {
  it.each([
    ['31/12/2026', '2026-12-31'],
    ['1/2/2026', '2026-02-01'],
    ['01-02-2026', '2026-02-01'],
    ['1.2.2026', '2026-02-01'],
    ['2026-02-28', '2026-02-28'],
    ['2026-02-28T08:30:00+07:00', '2026-02-28'],
    ['29/02/2024', '2024-02-29'],
    // an instant is on its day in Vietnam, which is 7 hours ahead of Greenwich; without an offset it is as written
    ['2026-03-31T16:59:30Z', '2026-03-31'],
    ['2026-03-31T17:00:00Z', '2026-04-01'],
    ['2026-03-31 17:00:00+00', '2026-04-01'],
    ['2026-03-31T23:59:00+07:00', '2026-03-31'],
    ['2026-03-31T23:59:00', '2026-03-31'],
    ['31/03/2026 23:59', '2026-03-31'],
  ])('reads %s', (text, day) => expect(readDay(text)).toBe(day));

  it("reads a spreadsheet's serial numbers and dates", () => {
    // 1 January 2026 is day 46,023 of the 1900 system
    expect(readDay(46_023)).toBe('2026-01-01');
    expect(readDay(new Date(Date.UTC(2026, 0, 1)))).toBe('2026-01-01');
  });

  it.each([
    '31/02/2026',
    '29/02/2026',
    '12/25/2026',
    '2026-13-01',
    '1/2/26',
    'hôm qua',
    '00/01/2026',
    '1/1/1800',
  ])('refuses %s', (text) => {
    expect(() => readDay(text)).toThrow(/a day that exists/);
  });

  it('reads back every day of two centuries in both orders', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1901-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const [year, month, day] = iso.split('-');
          expect(readDay(iso)).toBe(iso);
          expect(readDay(`${day}/${month}/${year}`)).toBe(iso);
        },
      ),
      { seed: 20262 },
    );
  });
});

describe('other values', () => {
  it('knows what says that nothing is known, and does not take zero for it', () => {
    for (const value of [
      '',
      ' ',
      '-',
      '…',
      'đang cập nhật',
      'Đang cập nhật'.normalize('NFD'),
      'N/A',
      'chưa có',
      null,
      undefined,
      Number.NaN,
    ])
      expect(isMissing(value)).toBe(true);
    for (const value of ['0', 0, 'Karaoke', false]) expect(isMissing(value)).toBe(false);
  });

  it('reads yes and no in both languages', () => {
    expect(['có', 'x', '1', 'TRUE', true].map(readBoolean)).toEqual([true, true, true, true, true]);
    expect(['không', '0', 'No', false].map(readBoolean)).toEqual([false, false, false, false]);
    expect(() => readBoolean('có lẽ')).toThrow();
  });

  it('reads lists from arrays, JSON and text', () => {
    expect(readList(['Hà Nội', null, 'Hưng Yên'])).toEqual(['Hà Nội', 'Hưng Yên']);
    expect(readList('["Hà Nội","Hưng Yên"]')).toEqual(['Hà Nội', 'Hưng Yên']);
    expect(readList('Hà Nội; Hưng Yên')).toEqual(['Hà Nội', 'Hưng Yên']);
  });

  it('reads codes and their labels, and shows the labels when there is no such code', () => {
    const read = codeReader(labelledCodes({ planned: ['theo kế hoạch'], random: ['ngẫu nhiên'] }), [
      'theo kế hoạch',
      'ngẫu nhiên',
    ]);
    expect(read('Theo Kế Hoạch'.normalize('NFD'))).toBe('planned');
    expect(read('random')).toBe('random');
    expect(() => read('bất chợt')).toThrow('one of: theo kế hoạch, ngẫu nhiên');
  });
});
