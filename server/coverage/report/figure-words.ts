import type { IndicatorDescription, IndicatorFigure } from '../../../contract/coverage-indicators.ts';

// Every number of a report is written here and nowhere else, so that what must not be told (small counts) or must be told
// otherwise changes in one place. Vietnamese style: 1.234, 12,5 %; a no-break space before the sign.

const space = '\u00a0';
const count = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0 });
const loose = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });
const fixed = new Intl.NumberFormat('vi-VN', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What stands in a table where there is no figure. A note beneath the table says what it means. */
export const noFigure = '–';
export const noFigureWords = 'chưa có số liệu';

export const writeCount = (value: number): string => count.format(value);
export const writeDecimal = (value: number): string => loose.format(value);
/** Units in 30 days: decimals only where they tell. */
export const writePace = (value: number): string => (value >= 100 ? count : loose).format(value);

/**
 * Percent with one decimal. Rounding never lifts a share over a line that it has not reached: 19,96 % of a target of
 * 20 % is written 19,9 %, and what is not all of it is never "100 %".
 */
export function percentOf(share: number, target: number | null = null): number {
  const percent = share * 100;
  const rounded = Math.round(percent * 10) / 10;
  const lines = [100, ...(target === null ? [] : [target * 100])];
  const lifted = lines.some((line) => percent < line - 1e-9 && rounded > line - 1e-9);
  // floor of 1.1 × 10 must not fall to 1.0 by a rounding error of doubles
  return lifted ? Math.floor(percent * 10 + 1e-9) / 10 : rounded;
}

export const writeShare = (share: number, target: number | null = null): string =>
  `${loose.format(percentOf(share, target))}${space}%`;

/** Fixed decimals and no sign, for columns headed by "%". */
export const writeTableShare = (share: number, target: number | null = null): string =>
  fixed.format(percentOf(share, target));

export const writeDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${date}/${month}/${year}`;
};

/** As documents write a day: days below 10 and the months 1 and 2 with a nought, so that no digit can be put before. */
export const writeLongDay = (day: string): string => {
  const [year, month, date] = day.split('-');
  const monthWritten = Number(month) <= 2 ? month : String(Number(month));
  return `ngày ${date} tháng ${monthWritten} năm ${year}`;
};

type Figure = Pick<
  IndicatorFigure,
  'numerator' | 'upperNumerator' | 'denominator' | 'value' | 'lower' | 'upper' | 'suppressed'
>;

/** What stands where a count of people or reports is too small to be told. */
export const fewWords = 'dưới 5';
/** In columns headed by "%": a share that would tell such a count. */
export const fewMark = '(nhỏ)';

/** Whether the figure is a range that has two different ends. */
export const isRange = ({ numerator, upperNumerator }: Figure) =>
  upperNumerator !== null && upperNumerator !== numerator;

/** "1.234", or "từ 1.234 đến 2.345" where people are counted; "dưới 5" where it is suppressed. */
export const writeNumerator = (figure: Figure): string =>
  writeDone(figure, (least, most) => `từ ${least} đến ${most}`);

export const writeTableNumerator = (figure: Figure): string =>
  writeDone(figure, (least, most) => `${least}–${most}`);

function writeDone(figure: Figure, range: (least: string, most: string) => string): string {
  const { numerator, upperNumerator } = figure;
  if (numerator === null) return fewWords;
  return isRange(figure) && upperNumerator !== null
    ? range(writeCount(numerator), writeCount(upperNumerator))
    : writeCount(numerator);
}

/** What it is counted of; `noFigure` where it is counted of nothing, and where the late reports that it holds are few. */
export const writeDenominator = ({ denominator }: Figure): string =>
  denominator === null ? noFigure : writeCount(denominator);

/** "12,5 %", "từ 31,2 % đến 64 %", or null without a value. */
export function writeValue(figure: Figure, target: number | null): string | null {
  if (figure.value === null) return null;
  const { lower, upper } = figure;
  if (lower === null || upper === null || lower === upper) return writeShare(figure.value, target);
  return `từ ${writeShare(lower, target)} đến ${writeShare(upper, target)}`;
}

/** "12,5" or "31,2–64,0", for columns headed by "%". */
export function writeTableValue(figure: Figure, target: number | null): string {
  if (figure.value === null) return figure.suppressed ? fewMark : noFigure;
  const { lower, upper } = figure;
  if (lower === null || upper === null || lower === upper) return writeTableShare(figure.value, target);
  return `${writeTableShare(lower, target)}–${writeTableShare(upper, target)}`;
}

/** A column headed by "%" where the figure is not a share of many: one commune has a plan or not; items are counted. */
export function writeCommuneValue(figure: Figure, description: IndicatorDescription): string {
  if (figure.denominator === null && figure.value === null)
    return description.unit === 'items' && figure.numerator !== null && figure.numerator > 0
      ? writeCount(figure.numerator)
      : noFigure;
  if (description.unit === 'communes' && figure.denominator === 1)
    return figure.numerator === 1 ? 'Có' : 'Chưa';
  return writeTableValue(figure, description.target);
}

/** "+12", "0", "–3": what the numerator gained within the period; outreach can cease to be kept up. */
export const writeGain = (gained: number | null): string =>
  gained === null
    ? noFigure
    : gained > 0
      ? `+${writeCount(gained)}`
      : gained < 0
        ? `–${writeCount(-gained)}`
        : '0';

export const orNone = (value: number | null, write: (value: number) => string = writeCount): string =>
  value === null ? noFigure : write(value);
