/** Numbers and dates as they are written in each language of the interface. */
export type Formats = {
  integer: (value: number) => string;
  /** At most `digits` decimals; trailing zeros are left out. */
  decimal: (value: number, digits?: number) => string;
  /** Exactly `digits` decimals, for columns of figures. */
  fixed: (value: number, digits: number) => string;
  /** A whole percentage such as a target: 20 %. */
  wholePercent: (share: number) => string;
  /**
   * A share with one decimal. Where that would show a share below the target as the target itself, it is written with as
   * many decimals as tell them apart: 0.1996 of 0.2 is "19,96 %", never "20,0 %".
   */
  percent: (share: number, target?: number) => string;
  /** `YYYY-MM-DD` as dd/mm/yyyy in both languages: the order that official documents here use. */
  day: (calendarDay: string) => string;
  list: (items: readonly string[]) => string;
};

// Fixed locales, not the machine's: a report printed on any PC must read the same.
function makeFormats(locale: 'vi-VN' | 'en-GB', percentSign: string): Formats {
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimals = (minimum: number, maximum: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const format: Formats = {
    integer: (value) => integer.format(value),
    decimal: (value, digits = 1) => decimals(0, digits).format(value),
    fixed: (value, digits) => decimals(digits, digits).format(value),
    wholePercent: (share) => `${decimals(0, 0).format(share * 100)}${percentSign}`,
    percent: (share, target) => {
      let digits = 1;
      const rounded = () => Number((share * 100).toFixed(digits));
      while (target !== undefined && share < target && rounded() >= target * 100 && digits < 4) digits += 1;
      return `${decimals(digits, digits).format(share * 100)}${percentSign}`;
    },
    day: (calendarDay) => calendarDay.split('-').reverse().join('/'),
    list: (items) => list.format(items),
  };
  return format;
}

export const formats = {
  vi: makeFormats('vi-VN', '\u00a0%'),
  en: makeFormats('en-GB', '%'),
};
