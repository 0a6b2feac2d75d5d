import { expect, it } from 'vitest';
import { type IndicatorOrder, sortIndicatorRows } from './indicator-rows.ts';
import { indicatorFigure } from './testing/indicator-figure.ts';

const row = (code: string, name: string, own: Parameters<typeof indicatorFigure>[0]) => ({
  code,
  name,
  figure: indicatorFigure({ group: code, ...own }),
  rank: null,
});
const rows = [
  row('1', 'Xã Ân Hòa', { missing: 5, value: 0.1, status: 'behind' }),
  row('2', 'Xã Đồng Văn', { missing: null, value: null, status: 'no-data' }),
  row('3', 'Xã Bình Lục', { missing: 9, value: 0.4, status: 'met' }),
  row('4', 'Xã Ba Sao', { missing: 5, value: 0.2, status: 'on-pace' }),
];
const codes = (order: IndicatorOrder) =>
  sortIndicatorRows(rows, order)
    .map(({ code }) => code)
    .join('');

it('sorts by a column, what has none last in either direction, equals by the Vietnamese alphabet', () => {
  expect(codes({ key: 'missing', descending: true })).toBe('3142');
  expect(codes({ key: 'missing', descending: false })).toBe('1432');
  expect(codes({ key: 'value', descending: false })).toBe('1432');
  expect(codes({ key: 'status', descending: false })).toBe('3412');
});

it('sorts names as Vietnamese does: Â after A, Đ after D', () => {
  expect(codes({ key: 'name', descending: false })).toBe('1432');
});
