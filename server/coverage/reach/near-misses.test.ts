import { describe, expect, it } from 'vitest';
import { type CommuneSessions, nearMisses } from './near-misses.ts';

const commune = (code: string, ...sessions: [number, number, number, number]): CommuneSessions => ({
  code,
  name: `xã ${code}`,
  terrain: null,
  sessions,
});
const province = [
  commune('10001', 2, 1, 3, 1),
  commune('10002', 2, 0, 3, 0),
  commune('10003', 0, 0, 9, 9),
  commune('10004', 0, 1, 1, 0),
  commune('10005', 0, 0, 0, 0),
];

describe('communes that just miss "kept up in every elapsed quarter"', () => {
  it('are those that lack one elapsed quarter, with its name', () => {
    // On 31 October three quarters have elapsed. 10001 has all three; 10002 lacks the second and 10004 the first; 10003 lacks
    // two and 10005 all three.
    const answer = nearMisses(province, 2026, '2026-10-31');
    expect(answer.elapsedQuarters).toEqual(['2026-Q1', '2026-Q2', '2026-Q3']);
    expect([answer.keptUp, answer.all]).toEqual([1, 5]);
    expect(answer.communes.map(({ code, missingQuarter }) => [code, missingQuarter])).toEqual([
      ['10002', '2026-Q2'],
      ['10004', '2026-Q1'],
    ]);
    expect(answer.communes[0]?.sessions).toEqual([
      { quarter: '2026-Q1', elapsed: true, sessions: 2 },
      { quarter: '2026-Q2', elapsed: true, sessions: 0 },
      { quarter: '2026-Q3', elapsed: true, sessions: 3 },
      { quarter: '2026-Q4', elapsed: false, sessions: 0 },
    ]);
  });

  it('counts a quarter from its last day on', () => {
    expect(nearMisses(province, 2026, '2026-06-29').elapsedQuarters).toEqual(['2026-Q1']);
    expect(nearMisses(province, 2026, '2026-06-30').elapsedQuarters).toEqual(['2026-Q1', '2026-Q2']);
    expect(nearMisses(province, 2026, '2027-05-01').elapsedQuarters).toHaveLength(4);
  });

  it('before the first quarter has elapsed asks for one session in the year, and names nobody', () => {
    const answer = nearMisses(
      [commune('10001', 1, 0, 0, 0), commune('10002', 0, 0, 0, 0)],
      2026,
      '2026-03-30',
    );
    expect(answer).toMatchObject({ elapsedQuarters: [], keptUp: 1, all: 2, communes: [] });
  });
});
