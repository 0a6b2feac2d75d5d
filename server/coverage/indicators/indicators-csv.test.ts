import { describe, expect, it } from 'vitest';
import { csvValue } from './indicators-csv.ts';

describe('a value of a CSV file', () => {
  it.each([
    "=CMD|' /C calc'!A0",
    '=HYPERLINK("http://evil.example";"x")',
    '+1+cmd',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    // begins like a number and is none
    '-1+1|cmd',
    "-2+3+cmd|' /C calc'!A0",
    '-',
    // spreadsheets set to Chinese or Japanese take these for = and +
    '＝1+1',
    '＋1',
  ])('that begins like a formula is text: %j', (value) => {
    const written = csvValue(value);
    const unquoted = written.startsWith('"') ? written.slice(1, -1).replace(/""/g, '"') : written;
    expect(unquoted).toBe(`'${value}`);
  });

  it.each(['Xã Đông Sơn', '-12', '-12,5', '12,5', '2026-03-31', 'a=b', ''])(
    'that is none stays: %j',
    (value) => expect(csvValue(value)).toBe(value),
  );

  it('keeps to its cell', () => {
    expect(csvValue('a;b')).toBe('"a;b"');
    expect(csvValue('a"b\nc')).toBe('"a""b\nc"');
  });
});
