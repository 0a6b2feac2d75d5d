import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivityRecord } from '../../contract/activities.ts';
import { noticesOf } from './notices.ts';
import { breachesOf, type Surroundings } from './rules.ts';

const known: Surroundings = {
  today: '2026-11-01',
  commune: (code) => (code === '10001' ? { name: 'xã Một', simulated: false } : undefined),
  place: () => undefined,
  cellIsAt: () => true,
};
const report: ActivityRecord<'reports'> = {
  reference: 'R-1',
  receivedOn: '2026-10-01',
  dueOn: '2026-10-21',
  status: 'received',
  resolvedOn: null,
  communeCode: '10001',
  h3Cell: '874143802ffffff',
};
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const rulesOf = (record: ActivityRecord<'reports'>) =>
  breachesOf('reports', record, known).map(({ rule }) => rule);

describe('the rules of a report', () => {
  it('take exactly what the database takes, and nothing that lies ahead', () => {
    const reports = fc.record({
      receivedOn: day,
      dueOn: day,
      status: fc.constantFrom('received', 'verified', 'classified', 'resolved'),
      resolvedOn: fc.option(day),
    });
    fc.assert(
      fc.property(reports, (part) => {
        const { receivedOn, dueOn, status, resolvedOn } = part;
        // The checks of report_records, and the days that have been.
        const takes =
          dueOn >= receivedOn &&
          (resolvedOn === null || resolvedOn >= receivedOn) &&
          (status === 'resolved') === (resolvedOn !== null) &&
          receivedOn >= '2003-01-01' &&
          receivedOn <= '2026-11-01' &&
          (resolvedOn === null || resolvedOn <= '2026-11-01');
        expect(rulesOf({ ...report, ...part } as typeof report).length === 0).toBe(takes);
      }),
      { seed: 20261123, numRuns: 3000 },
    );
  });

  it('let a report be due tomorrow, and days lie ahead where no clock is trusted', () => {
    expect(rulesOf({ ...report, dueOn: '2026-11-02' })).toEqual([]);
    const ahead = { ...report, receivedOn: '2027-01-01', dueOn: '2027-01-02' };
    expect(rulesOf(ahead)).toEqual(['day-in-future']);
    expect(breachesOf('reports', ahead, { ...known, today: null })).toEqual([]);
  });

  it('name each rule in both languages, and no cell', () => {
    const breaches = breachesOf(
      'reports',
      { ...report, dueOn: '2026-09-01', status: 'resolved' },
      { ...known, cellIsAt: () => false },
    );
    expect(breaches.map(({ field }) => field)).toEqual(['dueOn', 'resolvedOn', 'h3Cell']);
    for (const { message } of breaches) expect(message.vi).not.toBe(message.en);
    expect(JSON.stringify(breaches)).not.toContain(report.h3Cell);
  });
});

describe('notices', () => {
  const facts = {
    day: '2026-05-01',
    attendance: 10,
    people: 10,
    activeFrom: null,
    activeTo: null,
    twin: null,
  };

  it('are none where nothing is known of the place', () => {
    expect(noticesOf({ ...facts, attendance: 1_000_000, people: null })).toEqual([]);
    expect(noticesOf(facts)).toEqual([]);
  });

  it('tell of a place without people', () => {
    expect(noticesOf({ ...facts, people: 0 }).map(({ rule }) => rule)).toEqual(['attendance-above-people']);
  });
});
