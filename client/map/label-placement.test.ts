import { expect, it } from 'vitest';
import { placeLabels } from './label-placement.ts';

const at = (text: string, x: number, y: number) => ({ text, x, y });

it('keeps the first of labels that overlap, and those that stand clear above or beside it', () => {
  // Ten letters of size 10 are 60 wide.
  const first = at('0123456789', 100, 100);
  const labels = [
    first,
    at('0123456789', 150, 105),
    at('0123456789', 161, 105),
    at('0123456789', 100, 114),
    at('x', 128, 100),
  ];
  expect(placeLabels(labels, 10)).toEqual([first, labels[2], labels[3]]);
});

it('finds room for more where letters are small', () => {
  const labels = [at('0123456789', 100, 100), at('0123456789', 150, 105)];
  expect(placeLabels(labels, 4)).toEqual(labels);
});
