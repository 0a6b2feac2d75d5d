import type { IndicatorStatus, IndicatorsAnswer } from '../../../contract/coverage-indicators.ts';

export type Cell =
  | { kind: 'text'; value: string | null }
  | { kind: 'count' | 'share' | 'decimal'; value: number | null };
export type IndicatorTable = { title: string; head: string[]; rows: Cell[][] };

const statusWords: Record<IndicatorStatus, string> = {
  met: 'Đã đạt',
  'on-pace': 'Đúng tiến độ',
  behind: 'Chậm tiến độ',
  'no-data': 'Chưa có số liệu',
  'no-target': 'Không giao chỉ tiêu',
  suppressed: 'Số nhỏ, không nêu',
};

const text = (value: string | null): Cell => ({ kind: 'text', value });
const count = (value: number | null): Cell => ({ kind: 'count', value });
/** A small count says so: an empty cell would be one that is not on record. */
const told = (value: number | null, isSuppressed: boolean | undefined): Cell =>
  isSuppressed ? text('dưới 5') : count(value);
const share = (value: number | null): Cell => ({ kind: 'share', value });
const decimal = (value: number | null): Cell => ({ kind: 'decimal', value });

/** The figures of an answer as a table for a spreadsheet: one row for each indicator and group, in Vietnamese. */
export function indicatorTable(answer: IndicatorsAnswer): IndicatorTable {
  const indicators = new Map(answer.indicators.map((indicator) => [indicator.id, indicator]));
  const groups = new Map(answer.groups.map((group) => [group.key, group]));
  const [year, month, day] = answer.asOf.split('-');
  return {
    title: `Chỉ tiêu kế hoạch năm ${answer.year}, tính đến ngày ${day}/${month}/${year}`,
    head: [
      'Mục',
      'Chỉ tiêu',
      'Mã',
      'Địa bàn hoặc kỳ',
      'Đã thực hiện',
      'Nhiều nhất',
      'Trên tổng số',
      'Tỷ lệ (%)',
      'Tỷ lệ nhiều nhất (%)',
      'Chỉ tiêu (%)',
      'Còn thiếu',
      'Mỗi 30 ngày bình quân',
      'Mỗi 30 ngày gần đây',
      'Mỗi 30 ngày cần đạt',
      'Dự kiến cuối năm (%)',
      'Dự kiến thấp nhất (%)',
      'Dự kiến cao nhất (%)',
      'Tình trạng',
      'Nơi chưa có số người',
      'Ghi chú',
    ],
    rows: answer.figures.map((figure) => {
      const indicator = indicators.get(figure.indicator)!;
      return [
        text(indicator.section),
        text(indicator.name.vi),
        text(figure.group),
        text(groups.get(figure.group)!.name.vi),
        told(figure.numerator, figure.suppressed?.numerator),
        count(figure.upperNumerator),
        // of reports, what hides few late ones
        figure.suppressed?.denominator && figure.upperNumerator === null && figure.numerator !== null
          ? text('không nêu')
          : told(figure.denominator, figure.suppressed?.denominator),
        share(figure.value),
        share(figure.upper),
        share(indicator.target),
        count(figure.missing),
        decimal(figure.paceSoFar),
        decimal(figure.paceOfLate),
        decimal(figure.paceNeeded),
        share(figure.projected?.value ?? null),
        share(figure.projected?.lower ?? null),
        share(figure.projected?.upper ?? null),
        text(statusWords[figure.status]),
        count(figure.placesOfUnknownSize),
        text(figure.reason?.vi ?? null),
      ];
    }),
  };
}
