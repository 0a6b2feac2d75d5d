import { describe, expect, it } from 'vitest';
import { formats } from './formats.ts';

const { vi, en } = formats;

describe('numbers in Vietnamese', () => {
  it('groups with a point and divides with a comma', () => {
    expect(vi.integer(4_412_264)).toBe('4.412.264');
    expect(vi.decimal(3942.62, 2)).toBe('3.942,62');
    expect(vi.decimal(1234.5)).toBe('1.234,5');
    expect(vi.integer(1000)).toBe('1.000');
  });

  it('writes percentages with an unbreakable space', () => {
    expect(vi.wholePercent(0.2)).toBe('20\u00a0%');
    expect(vi.percent(0.153)).toBe('15,3\u00a0%');
    expect(vi.percent(0)).toBe('0,0\u00a0%');
  });

  it('never shows a share below the target as the target', () => {
    expect(vi.percent(0.1996, 0.2)).toBe('19,96\u00a0%');
    expect(vi.percent(0.19996, 0.2)).toBe('19,996\u00a0%');
    expect(vi.percent(0.2, 0.2)).toBe('20,0\u00a0%');
    expect(vi.percent(0.194, 0.2)).toBe('19,4\u00a0%');
    expect(en.percent(0.1996, 0.2)).toBe('19.96%');
  });
});

describe('dates', () => {
  it('are dd/mm/yyyy and do not move with the time zone of the machine', () => {
    expect(vi.day('2026-01-01')).toBe('01/01/2026');
    expect(en.day('2026-12-31')).toBe('31/12/2026');
  });
});

describe('lists', () => {
  it('end with the word of the language', () => {
    expect(vi.list(['Hà Nội', 'Hưng Yên'])).toBe('Hà Nội và Hưng Yên');
    expect(en.list(['Hà Nội', 'Hưng Yên', 'Thanh Hóa'])).toBe('Hà Nội, Hưng Yên and Thanh Hóa');
  });
});
