import { dayOfInstant } from '../../contract/calendar-day.ts';
import { compactKey, storedName } from '../../contract/vietnamese-text.ts';

/** A value that cannot be read as what its field holds; the message says what was expected. */
export class UnreadableValue extends Error {
  override name = 'UnreadableValue';
}

const missingWords = new Set([
  '',
  'null',
  'nan',
  'na',
  'nil',
  'none',
  'nodata',
  'dangcapnhat',
  'chuacapnhat',
  'chuaco',
  'chuacosolieu',
  'chuathongke',
  'khongco',
  'khongcosolieu',
  'khongro',
  'khongxacdinh',
  'unknown',
  'missing',
]);

/** Whether a cell says that nothing is known: empty, "-", "…", "n/a", "đang cập nhật" and the like. Never a zero. */
export function isMissing(value: unknown): value is null | undefined | '' {
  if (value === null || value === undefined) return true;
  if (typeof value === 'number') return Number.isNaN(value);
  if (typeof value !== 'string') return false;
  // Folding every cell of a million rows is dear: no such word is long or has a digit, and words come again.
  if (value.length >= 40 || /\d/.test(value)) return false;
  return missingWord(value);
}

const missingWord = remembered((word) => missingWords.has(compactKey(word)));

/** A text to keep: a piece of a file's text keeps all of that text in memory. */
export const ownCopy = (text: string): string => Buffer.from(text).toString();

/** A function of a text that comes again and again in a column, worked out once for each of the first 10,000. */
function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = read(text);
      if (known.size < 10_000) known.set(ownCopy(text), value);
    }
    return value;
  };
}

export function readText(value: unknown): string {
  if (typeof value === 'string') return storedName(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (value instanceof Date) return isoDay(value);
  throw new UnreadableValue('text');
}

export type NumberStyle = 'vi' | 'en' | null;
const plain = /^[+-]?\d+(?:e[+-]?\d+)?$/i;

/**
 * A number as people write it. Groups of three after a dot, comma or space; "3.942,62" and "3,942.62" are told apart by
 * which mark comes last. A single mark before exactly three digits ("1.234") can be either: for a whole number it
 * groups (1234), for a decimal one it is the decimal mark (1.234). `style` settles it otherwise: "vi" has a decimal
 * comma, "en" a decimal point.
 */
export function readNumber(
  value: unknown,
  { whole, style = null }: { whole: boolean; style?: NumberStyle },
): number {
  const expected = whole ? 'a whole number, such as 1234 or 1.234' : 'a number, such as 12,5 or 12.5';
  const read =
    typeof value === 'number'
      ? value
      : typeof value === 'bigint'
        ? Number(value)
        : parseNumber(value, whole, style, expected);
  if (!Number.isFinite(read)) throw new UnreadableValue(expected);
  if (whole && !Number.isInteger(read)) throw new UnreadableValue('a whole number');
  return read;
}

function parseNumber(value: unknown, whole: boolean, style: NumberStyle, expected: string): number {
  if (typeof value !== 'string') throw new UnreadableValue(expected);
  // What machines write, without the ambiguities below: most of a large file.
  if (whole ? /^\d+$/.test(value) : style !== 'vi' && /^-?\d+\.\d+$/.test(value)) return Number(value);
  const text = value.replace(/[\s\u00a0\u202f]+(?=\d{3}(\D|$))/g, '').trim();
  if (plain.test(text)) return Number(text);
  const marks: string[] = text.match(/[.,]/g) ?? [];
  const last = marks.at(-1) as '.' | ',' | undefined;
  const both = marks.includes('.') && marks.includes(',');
  let decimal: '.' | ',' | null;
  if (style) decimal = style === 'vi' ? ',' : '.';
  else if (both) decimal = last!;
  else if (marks.length > 1) decimal = null;
  else decimal = whole && /^[+-]?\d{1,3}[.,]\d{3}$/.test(text) ? null : (last ?? null);
  const group = decimal === ',' ? '.' : decimal === '.' ? ',' : (last ?? '.');
  const [wholePart = '', fraction, ...more] = decimal ? text.split(decimal) : [text];
  const grouped = wholePart.includes(group);
  const escaped = `\\${group}`;
  const wellGrouped = grouped
    ? new RegExp(`^[+-]?\\d{1,3}(${escaped}\\d{3})+$`).test(wholePart)
    : /^[+-]?\d+$/.test(wholePart);
  if (!wellGrouped || more.length || (fraction !== undefined && !/^\d+(e[+-]?\d+)?$/i.test(fraction)))
    throw new UnreadableValue(expected);
  return Number(`${wholePart.replaceAll(group, '')}${fraction === undefined ? '' : `.${fraction}`}`);
}

const earliestSerial = 20_000; // 1954
const latestSerial = 73_050; // 2099

/** A calendar day, `YYYY-MM-DD`, out of ISO or day/month/year text, a spreadsheet's date or its serial number. */
export function readDay(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return isoDay(value);
  if (typeof value === 'number' && value >= earliestSerial && value <= latestSerial)
    // Serial 1 is 1 January 1900 and the non-existent 29 February 1900 counts: day 0 is 30 December 1899.
    return isoDay(new Date(Date.UTC(1899, 11, 30) + Math.floor(value) * 86_400_000));
  if (typeof value !== 'string') throw new UnreadableValue(existingDay);
  return dayOfText(value);
}

const existingDay = 'a day that exists, as 31/12/2026 or 2026-12-31';
const dayOfText = remembered((value) => {
  const text = value.trim();
  // With an offset it names a moment, whose day in Vietnam may be the next; without one it is taken as written.
  if (text.includes(':')) {
    const day = dayOfInstant(text);
    if (day) return readDay(day);
  }
  const iso =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/.exec(text) ??
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(text);
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d{2}.*)?$/.exec(text);
  if (!iso && !local) throw new UnreadableValue(existingDay);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]].map(Number)
    : [local![3], local![2], local![1]].map(Number);
  const made = new Date(Date.UTC(year!, month! - 1, day!));
  if (year! < 1900 || year! > 2100 || made.getUTCMonth() !== month! - 1 || made.getUTCDate() !== day!)
    throw new UnreadableValue(existingDay);
  return isoDay(made);
});

const isoDay = (date: Date) => date.toISOString().slice(0, 10);

const yes = new Set(['1', 'x', 'co', 'true', 'yes', 'y', 't', 'dung', 'v']);
const no = new Set(['0', 'khong', 'false', 'no', 'n', 'f', 'sai']);

export function readBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const key = compactKey(String(value));
  if (yes.has(key)) return true;
  if (no.has(key)) return false;
  throw new UnreadableValue('có or không (yes or no, 1 or 0)');
}

/** Codes by every label that stands for them, compared without case, diacritics and spaces. */
export function labelledCodes<Code extends string>(
  labels: Readonly<Record<Code, readonly string[]>>,
): ReadonlyMap<string, Code> {
  return new Map(
    (Object.entries(labels) as [Code, readonly string[]][]).flatMap(([code, names]) =>
      [code, ...names].map((name) => [compactKey(name), code] as const),
    ),
  );
}

/** Reads codes by their labels, each spelling folded once. */
export function codeReader<Code extends string>(
  codes: ReadonlyMap<string, Code>,
  shown: readonly string[],
): (value: unknown) => Code {
  const known = new Map<unknown, Code>();
  return (value) => {
    const code = known.get(value) ?? readCode(value, codes, shown);
    if (known.size < 1_000) known.set(value, code);
    return code;
  };
}

function readCode<Code extends string>(
  value: unknown,
  codes: ReadonlyMap<string, Code>,
  shown: readonly string[],
): Code {
  const code = codes.get(compactKey(String(value)));
  if (!code) throw new UnreadableValue(`one of: ${shown.join(', ')}`);
  return code;
}

/** A list out of an array, a JSON array, or text parted by commas, semicolons or line breaks. */
export function readList(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => !isMissing(item)).map(readText);
  if (typeof value !== 'string') throw new UnreadableValue('a list parted by commas or semicolons');
  const text = value.trim();
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed)) return readList(parsed);
    } catch {
      throw new UnreadableValue('a list parted by commas or semicolons');
    }
  }
  return text
    .split(/[,;\n|]/)
    .map(storedName)
    .filter((item) => !isMissing(item));
}
