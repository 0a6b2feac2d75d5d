import { expect, it } from 'vitest';
import { type CommuneFigures, movedBetween } from './moved-figures.ts';

const name = { vi: 'x', en: 'x' };
const reading = (numerator: number, value: number | null, other = 0): CommuneFigures => ({
  asOf: '2026-11-24',
  indicators: [
    { id: 'industrial-workers-reached', name },
    { id: 'officers-trained', name },
  ],
  figures: [
    { indicator: 'industrial-workers-reached', numerator, upperNumerator: null, value },
    { indicator: 'officers-trained', numerator: other, upperNumerator: null, value: other / 10 },
  ],
});

it('tells which figures a record of its kind moved, from what to what', () => {
  const moved = movedBetween('outreach', reading(412, 0.412), reading(419, 0.419, 3));
  expect(moved.map(({ indicator, before, after }) => [indicator.id, before.value, after.value])).toEqual([
    ['industrial-workers-reached', 0.412, 0.419],
  ]);
});

it('says nothing where nothing moved, or one reading is missing', () => {
  expect(movedBetween('outreach', reading(1, 0.1), reading(1, 0.1))).toEqual([]);
  expect(movedBetween('outreach', null, reading(1, 0.1))).toEqual([]);
  expect(movedBetween('outreach', reading(1, 0.1), null)).toEqual([]);
});
