import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en.ts';
import type { Translate } from '../i18n/language.ts';
import { vi } from '../i18n/vi.ts';
import { formats } from '../ui/formats.ts';
import {
  communeValueWords,
  doneWords,
  missingWords,
  mostWords,
  paceWords,
  projectionWords,
  rangeWords,
  statusWords,
  valueWords,
  type Words,
} from './figure-words.ts';
import { indicatorFigure } from './testing/indicator-figure.ts';

const i18n = createInstance();
void i18n.init({
  lng: 'vi',
  resources: { vi: { translation: vi }, en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});
const words = (language: 'vi' | 'en'): Words => ({
  t: i18n.getFixedT(language) as unknown as Translate,
  format: formats[language],
  language,
});
const [inVietnamese, inEnglish] = [words('vi'), words('en')];
const inspected = { unit: 'establishments', target: 0.2 } as const;
const students = { unit: 'people', target: 0.25 } as const;
const kept = { unit: 'communes', target: 0.7 } as const;
const press = { unit: 'items', target: null } as const;

const people = indicatorFigure({
  numerator: 312,
  upperNumerator: 640,
  denominator: 1000,
  value: 0.312,
  lower: 0.312,
  upper: 0.64,
});

describe('a figure in words', () => {
  it('says of what it was counted', () => {
    const figure = indicatorFigure({ numerator: 887, denominator: 5189 });
    expect(doneWords(figure, inspected, inVietnamese)).toBe('887 trên 5.189 cơ sở');
    expect(doneWords(figure, inspected, inEnglish)).toBe('887 of 5,189 establishments');
  });

  it('gives a range where people are counted, and one number where both bounds are the same', () => {
    expect(doneWords(people, students, inVietnamese)).toBe('từ 312 đến 640 trên 1.000 người');
    expect(valueWords(people, students, inVietnamese)).toBe('31,2\u00a0%');
    expect(mostWords(people, inVietnamese)).toBe('nhiều nhất 64,0\u00a0%');
    expect(rangeWords(people, students, inVietnamese)).toBe('31,2\u00a0% – 64,0\u00a0%');
    const sure = { ...people, upperNumerator: 312, upper: 0.312 };
    expect([mostWords(sure, inVietnamese), rangeWords(sure, students, inVietnamese)]).toEqual([
      null,
      '31,2\u00a0%',
    ]);
    expect(doneWords(sure, students, inVietnamese)).toBe('312 trên 1.000 người');
  });

  it('never shows a share below the target as the target', () => {
    expect(valueWords(indicatorFigure({ value: 0.1996 }), inspected, inVietnamese)).toBe('19,96\u00a0%');
    expect(valueWords(indicatorFigure({ value: 0.69998 }), kept, inEnglish)).toBe('69.998%');
  });

  it('is no percentage where there is nothing to count of, and a number where it is counted of nothing', () => {
    const none = indicatorFigure({ value: null, numerator: 0, denominator: 0, missing: null });
    expect(valueWords(none, inspected, inVietnamese)).toBeNull();
    expect(missingWords(none, inspected, inVietnamese)).toBeNull();
    const items = indicatorFigure({
      value: null,
      numerator: 86,
      denominator: null,
      byLevel: { central: 17, local: 69 },
    });
    expect(valueWords(items, press, inVietnamese)).toBe('86 tin, bài');
    expect(doneWords(items, press, inVietnamese)).toBe('17 của báo trung ương, 69 của báo địa phương');
  });

  it('is a word where a commune has done it or not', () => {
    const [done, not] = [indicatorFigure({ value: 1 }), indicatorFigure({ value: 0 })];
    expect([done, not].map((figure) => communeValueWords(figure, kept, inVietnamese))).toEqual([
      'Có',
      'Chưa',
    ]);
    expect(communeValueWords(indicatorFigure({ value: null }), kept, inVietnamese)).toBeNull();
  });

  it('says what is missing in whole units', () => {
    const figure = indicatorFigure({ missing: 62 });
    expect(missingWords(figure, inspected, inVietnamese)).toBe('Còn thiếu 62 cơ sở');
    expect(missingWords(indicatorFigure({ missing: 1 }), inspected, inEnglish)).toBe('1 establishment to go');
    expect(missingWords(indicatorFigure({ missing: 0 }), inspected, inVietnamese)).toBeNull();
  });

  it('calls behind what was not met once the year is over', () => {
    expect(statusWords(indicatorFigure({ status: 'behind' }), false, inVietnamese)).toBe('Chậm tiến độ');
    expect(statusWords(indicatorFigure({ status: 'behind' }), true, inVietnamese)).toBe('Chưa đạt');
    expect(statusWords(indicatorFigure({ status: 'met' }), true, inVietnamese)).toBe('Đã đạt');
  });

  it('holds the pace against the pace needed, with a decimal where it is small', () => {
    const figure = indicatorFigure({ paceSoFar: 62.4, paceNeeded: 86.6, missing: 62 });
    expect(paceWords(figure, inspected, 2026, inVietnamese)).toEqual({
      soFar: 'Bình quân 62 cơ sở mỗi tháng',
      needed: 'cần 87 cơ sở mỗi tháng từ nay đến 31/12/2026',
    });
    const quicker = indicatorFigure({ paceSoFar: 62.4, paceOfLate: 71.2, paceNeeded: 86.6 });
    expect(paceWords(quicker, inspected, 2026, inVietnamese)?.soFar).toBe(
      'Bình quân 62 cơ sở mỗi tháng, gần đây 71',
    );
    const asBefore = indicatorFigure({ paceSoFar: 62.4, paceOfLate: 57.8 });
    expect(paceWords(asBefore, inspected, 2026, inVietnamese)?.soFar).toBe('Bình quân 62 cơ sở mỗi tháng');
    const slow = indicatorFigure({ paceSoFar: 0.44, paceNeeded: 0 });
    expect(paceWords(slow, inspected, 2026, inVietnamese)).toEqual({
      soFar: 'Bình quân 0,4 cơ sở mỗi tháng',
      needed: null,
    });
    expect(paceWords(indicatorFigure({ paceSoFar: null }), inspected, 2026, inVietnamese)).toBeNull();
  });

  it('gives what is expected with its interval, unless that is one number', () => {
    expect(projectionWords({ value: 0.483, lower: 0.44, upper: 0.52 }, inVietnamese)).toBe(
      'Dự kiến 31/12: 48,3\u00a0%, từ 44,0\u00a0% đến 52,0\u00a0%',
    );
    expect(projectionWords({ value: 0.698, lower: 0.6979, upper: 0.6982 }, inVietnamese)).toBe(
      'Dự kiến 31/12: 69,8\u00a0%',
    );
  });
});
