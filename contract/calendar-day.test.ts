import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayInVietnam, dayOfInstant } from './calendar-day.ts';

describe('dayOfInstant', () => {
  it.each([
    // Vietnam is 7 hours ahead of Greenwich all year: its midnight is 17:00 there.
    ['2026-03-31T16:59:30Z', '2026-03-31'],
    ['2026-03-31T16:59:59.999Z', '2026-03-31'],
    ['2026-03-31T17:00:00Z', '2026-04-01'],
    ['2026-03-31T23:59:00+07:00', '2026-03-31'],
    ['2026-04-01T00:00+07:00', '2026-04-01'],
    ['2026-03-31T23:59:00+0700', '2026-03-31'],
    ['2025-12-31t17:00:00z', '2026-01-01'],
    ['2026-03-31 17:00:00.123+00', '2026-04-01'],
    // 23:30 in Chatham (+12:45) is 10:45 in Greenwich and 17:45 in Vietnam
    ['2026-02-28T23:30:00+12:45', '2026-02-28'],
    ['2024-02-28T20:00:00-10:00', '2024-02-29'],
    ['2024-02-29T20:00:00-10:00', '2024-03-01'],
  ])('puts %s on %s', (text, day) => {
    expect(dayOfInstant(text)).toBe(day);
  });

  it.each([
    '2026-03-31',
    '2026-03-31T23:59:00',
    '2026-02-30T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-03-31T24:00:00Z',
    '2026-03-31T23:60:00Z',
    '2026-03-31T23:59:00+25:00',
    'yesterday',
    '',
  ])('refuses %j, which is no instant', (text) => {
    expect(dayOfInstant(text)).toBeNull();
  });

  it('agrees with the calendar of Vietnam for any instant and however it is written', () => {
    const instants = fc.date({
      min: new Date('2003-01-02T00:00:00Z'),
      max: new Date('2100-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: -23 * 60, max: 23 * 60 }), (instant, offsetMinutes) => {
        const local = new Date(instant.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
        const offset = `${offsetMinutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        expect(dayOfInstant(`${local}${offset}`)).toBe(dayInVietnam(instant));
      }),
      { seed: 20261123 },
    );
  });
});
