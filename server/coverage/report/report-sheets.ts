import type { IndicatorDescription, IndicatorFigure } from '../../../contract/coverage-indicators.ts';
import { upperFirst } from '../../../contract/vietnamese-text.ts';
import { fewMark, fewWords, percentOf, writeCommuneValue, writeDay } from './figure-words.ts';
import { isMissing, isYesOrNo, judged, shortNames, unitWords } from './indicator-words.ts';
import type { ReportData } from './report-data.ts';
import type { Sheet } from './report-document.ts';
import { standingOf } from './result-tables.ts';

type Columns = Sheet['columns'];
type Row = Sheet['rows'][number];

const figureColumns: Columns = [
  { title: 'Đơn vị', format: 'text', widthCharacters: 11 },
  { title: 'Đã thực hiện', format: 'count', widthCharacters: 11 },
  { title: 'Đã thực hiện (cận trên)', format: 'count', widthCharacters: 13 },
  { title: 'Tổng số', format: 'count', widthCharacters: 11 },
  { title: 'Tỷ lệ', format: 'percent', widthCharacters: 9 },
  { title: 'Tỷ lệ (cận trên)', format: 'percent', widthCharacters: 10 },
  { title: 'Chỉ tiêu', format: 'percent', widthCharacters: 9 },
  { title: 'Còn thiếu', format: 'count', widthCharacters: 9 },
  { title: 'Đánh giá', format: 'text', widthCharacters: 17 },
];

/** Percent as the text writes it, as a share: what the cell shows and what the paper says are one number. */
const share = (value: number | null, target: number | null) =>
  value === null ? null : Number((percentOf(value, target) / 100).toFixed(3));

function figureCells(figure: IndicatorFigure, description: IndicatorDescription): Row {
  const { target } = description;
  const known = !isMissing(figure);
  return [
    unitWords[description.unit],
    figure.suppressed?.numerator ? fewWords : known || figure.suppressed ? figure.numerator : null,
    known || figure.suppressed ? figure.upperNumerator : null,
    figure.suppressed?.denominator ? fewMark : figure.denominator,
    figure.suppressed ? fewMark : share(figure.value, target),
    share(figure.upper, target),
    target,
    figure.missing,
    judged(figure),
  ];
}

const reasonOf = (figure: IndicatorFigure) =>
  isMissing(figure) && figure.reason ? upperFirst(figure.reason.vi) : null;

/** The workbook: the same figures as rows of numbers, to be counted on with. */
export function reportSheets(data: ReportData, title: string): Sheet[] {
  const day = `Số liệu tính đến ngày ${writeDay(data.asOf)}, lũy kế từ ngày 1/1/${data.period.year}. Ô trống: không có số liệu để tính; “${fewWords}”, “${fewMark}”: số nhỏ về người hoặc tin báo, không nêu.`;
  const sheet = (name: string, columns: Columns, rows: readonly Row[]): Sheet => ({
    name,
    title: upperFirst(title),
    notes: [day],
    columns,
    rows,
    orientation: 'landscape',
  });
  return [
    sheet(
      'Chỉ tiêu',
      [
        { title: 'TT', format: 'count', widthCharacters: 5 },
        { title: 'Nội dung', format: 'text', widthCharacters: 34 },
        ...figureColumns,
        { title: 'Trong kỳ', format: 'count', widthCharacters: 9 },
        { title: 'Nhịp độ đã qua (30 ngày)', format: 'decimal', widthCharacters: 11 },
        { title: 'Nhịp độ gần đây (30 ngày)', format: 'decimal', widthCharacters: 11 },
        { title: 'Nhịp độ cần (30 ngày)', format: 'decimal', widthCharacters: 11 },
        { title: 'Dự kiến cuối năm', format: 'percent', widthCharacters: 10 },
        { title: 'Lý do chưa có số liệu', format: 'text', widthCharacters: 30 },
      ],
      data.indicators.flatMap((description, index): Row[] => {
        const figure = data.own.get(description.id);
        if (!figure) return [];
        return [
          [
            index + 1,
            description.name.vi,
            ...figureCells(figure, description),
            isMissing(figure) ? null : (data.gained.get(description.id) ?? null),
            figure.paceSoFar,
            figure.paceOfLate,
            figure.paceNeeded,
            share(figure.projected?.value ?? null, description.target),
            reasonOf(figure),
          ],
        ];
      }),
    ),
    ...(data.commune
      ? [standings(data, data.commune.code, sheet)]
      : [communeValues(data, sheet), communeFigures(data, sheet)]),
  ];
}

type MakeSheet = (name: string, columns: Columns, rows: readonly Row[]) => Sheet;

/** A row for each commune, a column for each indicator, two where people are counted. */
function communeValues(data: ReportData, sheet: MakeSheet): Sheet {
  const columns = data.indicators.flatMap((description) => {
    const counted = data.provincial.get(description.id)?.upperNumerator !== null;
    return (counted ? (['lower', 'upper'] as const) : (['value'] as const)).map((bound) => ({
      description,
      bound,
    }));
  });
  return sheet(
    'Xã, phường',
    [
      { title: 'TT', format: 'count', widthCharacters: 6 },
      { title: 'Mã', format: 'text', widthCharacters: 8 },
      { title: 'Xã, phường', format: 'text', widthCharacters: 24 },
      ...columns.map(({ description: { id, unit }, bound }) => ({
        title: `${shortNames[id]}${{ lower: ' (cận dưới)', upper: ' (cận trên)', value: '' }[bound]}`,
        format: unit === 'items' ? ('count' as const) : ('percent' as const),
        widthCharacters: 12,
      })),
    ],
    data.communes.map(({ number, code, name, figures }) => [
      number,
      code,
      upperFirst(name),
      ...columns.map(({ description, bound }) => {
        const figure = figures.get(description.id);
        if (figure?.suppressed) return fewMark;
        if (!figure || isMissing(figure)) return null;
        if (isYesOrNo(figure, description)) return writeCommuneValue(figure, description);
        if (description.unit === 'items') return figure.numerator;
        return share(figure[bound] ?? figure.value, description.target);
      }),
    ]),
  );
}

const communeFigures = (data: ReportData, sheet: MakeSheet): Sheet =>
  sheet(
    'Chi tiết xã, phường',
    [
      { title: 'TT', format: 'count', widthCharacters: 6 },
      { title: 'Mã', format: 'text', widthCharacters: 8 },
      { title: 'Xã, phường', format: 'text', widthCharacters: 24 },
      { title: 'Nội dung', format: 'text', widthCharacters: 34 },
      ...figureColumns,
      { title: 'Lý do chưa có số liệu', format: 'text', widthCharacters: 30 },
    ],
    data.communes.flatMap(({ number, code, name, figures }) =>
      data.indicators.flatMap((description): Row[] => {
        const figure = figures.get(description.id);
        if (!figure) return [];
        return [
          [
            number,
            code,
            upperFirst(name),
            description.name.vi,
            ...figureCells(figure, description),
            reasonOf(figure),
          ],
        ];
      }),
    ),
  );

const standings = (data: ReportData, code: string, sheet: MakeSheet): Sheet =>
  sheet(
    'So với tỉnh',
    [
      { title: 'TT', format: 'count', widthCharacters: 5 },
      { title: 'Nội dung', format: 'text', widthCharacters: 40 },
      { title: 'Tỷ lệ của địa phương', format: 'percent', widthCharacters: 12 },
      { title: 'Tỷ lệ toàn tỉnh', format: 'percent', widthCharacters: 12 },
      ...(data.ownAlone
        ? []
        : ([
            { title: 'Thứ tự trong tỉnh', format: 'count', widthCharacters: 12 },
            { title: 'Số nơi có số liệu', format: 'count', widthCharacters: 12 },
          ] as const)),
    ],
    data.indicators.flatMap((description, index): Row[] => {
      const own = data.own.get(description.id);
      if (!own) return [];
      const standing = standingOf(code, data.communes, description);
      return [
        [
          index + 1,
          description.name.vi,
          isYesOrNo(own, description)
            ? writeCommuneValue(own, description)
            : share(own.value, description.target),
          share(data.provincial.get(description.id)?.value ?? null, description.target),
          ...(data.ownAlone ? [] : [standing?.kind === 'rank' ? standing.rank : null, standing?.of ?? null]),
        ],
      ];
    }),
  );
