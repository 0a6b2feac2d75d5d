import { expect, it } from 'vitest';
import { rankByShare } from './ranking.ts';

it('gives equal shares one rank, leaves the next out, and does not rank what has no share', () => {
  const ranks = rankByShare([
    { code: 'a', share: 0.1 },
    { code: 'b', share: 0.3 },
    { code: 'c', share: null },
    { code: 'd', share: 0.1 },
    { code: 'e', share: 0 },
  ]);
  expect(Object.fromEntries(ranks)).toEqual({
    b: { rank: 1, of: 4, sharedBy: 1 },
    a: { rank: 2, of: 4, sharedBy: 2 },
    d: { rank: 2, of: 4, sharedBy: 2 },
    e: { rank: 4, of: 4, sharedBy: 1 },
  });
});
