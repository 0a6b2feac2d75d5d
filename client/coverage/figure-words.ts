import {
  type IndicatorDescription,
  type IndicatorFigure,
  paceHasChanged,
} from '../../contract/coverage-indicators.ts';
import type { Language, Translate } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import { isDoneOrNot, toldStatus } from './standing.ts';

export type Words = { t: Translate; format: Formats; language: Language };
type Described = Pick<IndicatorDescription, 'unit' | 'target'>;

/** "62 cơ sở", "1.234 người". */
export const unitCount = (unit: IndicatorDescription['unit'], count: number, { t }: Words): string =>
  t(`plan.units.${unit}`, { count });

/** "23 trên 129 xã, phường"; of people, "từ 61 đến 120 trên 200 người". */
export function doneWords(figure: IndicatorFigure, { unit }: Described, words: Words): string {
  const { t, format } = words;
  const unitName = () => t(`plan.unitNames.${unit}`);
  if (figure.numerator === null) return t('plan.small.fewer', { unit: unitName() });
  if (figure.suppressed?.denominator)
    return t('plan.small.done', { done: format.integer(figure.numerator), unit: unitName() });
  if (figure.byLevel) {
    const { central, local } = figure.byLevel;
    return t('plan.byLevel', { central: format.integer(central), local: format.integer(local) });
  }
  if (figure.denominator === null) return unitCount(unit, figure.numerator, words);
  const of = unitCount(unit, figure.denominator, words);
  const { numerator, upperNumerator } = figure;
  return upperNumerator !== null && upperNumerator > numerator
    ? t('plan.doneBetween', { least: format.integer(numerator), most: format.integer(upperNumerator), of })
    : t('plan.done', { done: format.integer(numerator), of });
}

/** "31,2 %", or the number where it is counted of nothing; null where there is neither. */
export function valueWords(
  figure: IndicatorFigure,
  { unit, target }: Described,
  words: Words,
): string | null {
  if (figure.value !== null) return words.format.percent(figure.value, target ?? undefined);
  if (figure.suppressed) return words.t('plan.small.share');
  return unit === 'items' && figure.numerator !== null ? unitCount(unit, figure.numerator, words) : null;
}

/** "nhiều nhất 64,0 %" where people are counted and the bounds differ. */
export function mostWords(figure: IndicatorFigure, { t, format }: Words): string | null {
  const { value, upper } = figure;
  return value !== null && upper !== null && upper > value
    ? t('plan.atMost', { share: format.percent(upper) })
    : null;
}

/** "31,2–64,0 %", for tables. */
export function rangeWords(figure: IndicatorFigure, described: Described, words: Words): string | null {
  const { value, upper } = figure;
  if (value === null || upper === null || upper <= value) return valueWords(figure, described, words);
  const least = words.format.percent(value, described.target ?? undefined);
  return `${least} – ${words.format.percent(upper)}`;
}

/** A commune's figure in a word where it is done or not. */
export function communeValueWords(
  figure: IndicatorFigure,
  described: Described,
  words: Words,
): string | null {
  if (isDoneOrNot(described) && figure.value !== null)
    return words.t(figure.value === 1 ? 'plan.isDone' : 'plan.isNotDone');
  return valueWords(figure, described, words);
}

/** "còn thiếu 62 cơ sở"; null where nothing is missing or nothing can be said. */
export function missingWords(figure: IndicatorFigure, { unit }: Described, words: Words): string | null {
  if (figure.missing === null || figure.missing === 0) return null;
  return words.t('plan.missing', { what: unitCount(unit, figure.missing, words) });
}

export const statusWords = (
  figure: Pick<IndicatorFigure, 'status' | 'value'>,
  yearIsOver: boolean,
  { t }: Words,
): string => t(`plan.status.${toldStatus(figure, yearIsOver)}`);

/** Units per 30 days: below 10 with one decimal, so that 0,4 is not 0. */
export const paceFigure = (pace: number, { format }: Words): string =>
  pace < 10 ? format.decimal(pace, 1) : format.integer(pace);

export type PaceWords = { soFar: string; needed: string | null };

/**
 * The pace of the year so far, beside it that of late where it is another, since a status rests on that one, and the pace
 * needed: "Bình quân 62 cơ sở mỗi tháng, gần đây 71", "cần 87 cơ sở mỗi tháng đến 31/12"; null where a pace says nothing.
 */
export function paceWords(
  figure: IndicatorFigure,
  { unit }: Described,
  year: number,
  words: Words,
): PaceWords | null {
  if (figure.paceSoFar === null) return null;
  const { t } = words;
  const perMonth = (pace: number) =>
    t('plan.perMonth', { pace: paceFigure(pace, words), unit: t(`plan.unitNames.${unit}`) });
  const { paceNeeded: needed, paceOfLate: late } = figure;
  const changed = late !== null && paceHasChanged(figure);
  return {
    soFar: changed
      ? t('plan.paceOfLate', { pace: perMonth(figure.paceSoFar), late: paceFigure(late, words) })
      : t('plan.paceSoFar', { pace: perMonth(figure.paceSoFar) }),
    needed: needed === null || needed === 0 ? null : t('plan.paceNeeded', { pace: perMonth(needed), year }),
  };
}

/** "Dự kiến 31/12: 48,3 %, từ 44,0 % đến 52,0 %"; without an interval that would be written as one number. */
export function projectionWords(
  { value, lower, upper }: NonNullable<IndicatorFigure['projected']>,
  { t, format }: Words,
): string {
  const written = {
    value: format.percent(value),
    lower: format.percent(lower),
    upper: format.percent(upper),
  };
  return written.lower === written.upper
    ? t('plan.projected', { value: written.value })
    : t('plan.projectedBetween', written);
}
