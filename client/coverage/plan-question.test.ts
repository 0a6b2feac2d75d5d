import { expect, it } from 'vitest';
import { latest, planAddress } from './plan-question.ts';
import { afterOf } from './use-indicators.ts';

it('puts the question into an address, and leaves to the server what is left to it', () => {
  expect(planAddress('/api/coverage/indicators', latest)).toBe('/api/coverage/indicators');
  expect(
    planAddress('/api/coverage/indicators', { year: 2025, asOf: null }, { by: 'commune', format: 'xlsx' }),
  ).toBe('/api/coverage/indicators?year=2025&by=commune&format=xlsx');
  expect(planAddress('/coverage/press-items', { year: null, asOf: '2026-09-30' }, { commune: null })).toBe(
    '/coverage/press-items?asOf=2026-09-30',
  );
});

it('finds where the next page begins, whatever the host is called', () => {
  expect(afterOf('http://other:8080/api/coverage/indicators/x/rows?limit=50&after=2026-03-01%3B17')).toBe(
    '2026-03-01;17',
  );
  expect(afterOf('/api/coverage/indicators/x/rows?limit=50')).toBeUndefined();
});
