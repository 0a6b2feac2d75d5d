import { expect, it } from 'vitest';
import { formats } from '../ui/formats.ts';
import { pFigure, pWords } from './figures.ts';

it('writes p with three decimals, and never as 0', () => {
  expect(pWords(0.0124, formats.vi)).toBe('p = 0,012');
  expect(pWords(0.001, formats.vi)).toBe('p = 0,001');
  expect(pWords(0.00099, formats.vi)).toBe('p < 0,001');
  expect(pWords(0, formats.en)).toBe('p < 0.001');
  expect(pFigure(1, formats.vi)).toBe('1,000');
});
