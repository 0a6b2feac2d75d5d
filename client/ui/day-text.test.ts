import { describe, expect, it } from 'vitest';
import { monthsUpTo, readDay } from './day-text.ts';

describe('a day as it is written', () => {
  it.each([
    ['31/10/2026', '2026-10-31'],
    [' 1/5/2025 ', '2025-05-01'],
    ['01.05.2025', '2025-05-01'],
    ['1-5-2025', '2025-05-01'],
    ['29/02/2024', '2024-02-29'],
  ])('reads %s', (text, day) => {
    expect(readDay(text)).toBe(day);
  });

  it.each(['31/02/2026', '29/02/2025', '00/01/2026', '13/13/2026', '2026-10-31', '1/5/25', '1/5/1066', ''])(
    'does not take %s for a day',
    (text) => {
      expect(readDay(text)).toBeNull();
    },
  );
});

it('counts whole months back, across years', () => {
  expect(monthsUpTo('2026-10-31', 18)).toBe('2025-05-01');
  expect(monthsUpTo('2026-10-31', 1)).toBe('2026-10-01');
  expect(monthsUpTo('2026-01-15', 12)).toBe('2025-02-01');
});
