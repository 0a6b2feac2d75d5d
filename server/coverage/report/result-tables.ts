import type {
  IndicatorDescription,
  IndicatorFigure,
  IndicatorId,
} from '../../../contract/coverage-indicators.ts';
import { upperFirst } from '../../../contract/vietnamese-text.ts';
import {
  fewMark,
  fewWords,
  noFigure,
  orNone,
  writeCommuneValue,
  writeCount,
  writeDay,
  writeGain,
  writePace,
  writeTableNumerator,
  writeTableValue,
} from './figure-words.ts';
import { isMissing, isYesOrNo, shortNames, writeStatus, writeTarget } from './indicator-words.ts';
import type { ReportCommune, ReportData } from './report-data.ts';
import type { Cell, Table } from './report-document.ts';

const heads = (titles: readonly string[]): Cell[] =>
  titles.map((text) => ({ text, bold: true, align: 'center' }));
const order = (columns: number): Cell[] =>
  Array.from({ length: columns }, (_, index) => ({ text: `(${index + 1})`, align: 'center' }));

const rangeNote =
  'Số người là khoảng: cận dưới lấy buổi đông nhất tại mỗi nơi; cận trên cộng các buổi nhưng không quá số người của nơi đó. Đánh giá theo cận dưới.';
const fewNote = `“${fewWords}”, “${fewMark}”: dưới 5 người hoặc dưới 5 tin báo thì không nêu số, và không nêu số nào cho phép tính ngược ra.`;
const fivesNote =
  'Số người và số tin báo nêu theo bội số của 5; mỗi số dưới 5 trong sổ ghi được tính là 2 hoặc 3.';
const upperNote = '(*) Đạt chỉ tiêu nếu không có người nào được tính nhiều lần.';

const figuresOf = (data: ReportData): { description: IndicatorDescription; figure: IndicatorFigure }[] =>
  data.indicators.flatMap((description) => {
    const figure = data.own.get(description.id);
    return figure ? [{ description, figure }] : [];
  });

/** Each target with what is done, what is missing, and how fast. */
export function targetTable(data: ReportData): Table {
  const figures = figuresOf(data);
  const rows = figures.map(({ description, figure }, index): Cell[] => {
    const gained = data.gained.get(description.id) ?? null;
    const known = !isMissing(figure);
    return [
      { text: String(index + 1) },
      { text: description.name.vi },
      { text: known || figure.suppressed ? writeTableNumerator(figure) : noFigure },
      { text: figure.suppressed?.denominator ? fewMark : orNone(figure.denominator) },
      { text: ownValue(figure, description) },
      { text: writeTarget(description) },
      { text: orNone(figure.missing) },
      { text: known ? writeGain(gained) : noFigure },
      { text: orNone(figure.paceSoFar, writePace) },
      { text: orNone(figure.paceNeeded, writePace) },
      { text: writeStatus(figure) },
    ];
  });
  const { startsOn } = data.period;
  return {
    kind: 'table',
    caption: `Bảng 1. Kết quả thực hiện các chỉ tiêu, lũy kế từ ngày 1/1/${data.period.year} đến ngày ${writeDay(data.asOf)}`,
    columns: [
      { widthMillimeters: 7, align: 'center' },
      { widthMillimeters: 29, align: 'left' },
      { widthMillimeters: 17, align: 'right' },
      { widthMillimeters: 15, align: 'right' },
      { widthMillimeters: 13, align: 'right' },
      { widthMillimeters: 12, align: 'center' },
      { widthMillimeters: 15, align: 'right' },
      { widthMillimeters: 16, align: 'right' },
      { widthMillimeters: 13, align: 'right' },
      { widthMillimeters: 13, align: 'right' },
      { widthMillimeters: 15, align: 'left' },
    ],
    head: [
      heads([
        'TT',
        'Nội dung',
        'Đã thực hiện',
        'Tổng số',
        'Tỷ lệ (%)',
        'Chỉ tiêu (%)',
        'Còn thiếu',
        'Trong kỳ',
        'Nhịp độ đã qua',
        'Nhịp độ cần',
        'Đánh giá',
      ]),
      order(11),
    ],
    rows,
    fontPoints: 10,
    notes: [
      ...(figures.some(({ figure }) => figure.upperNumerator !== null) ? [rangeNote] : []),
      `“Trong kỳ”: phần tăng thêm (cận dưới, nếu là khoảng) từ ngày ${writeDay(startsOn)} đến ngày ${writeDay(data.asOf)}. “Nhịp độ”: số đơn vị bình quân trong 30 ngày, đã qua và cần đến ngày 31/12/${data.period.year}. “Đúng tiến độ”: nếu giữ nhịp độ gần đây (ngày càng gần tính càng nặng) thì đạt chỉ tiêu.`,
      ...(figures.some(({ figure }) => figure.metAtUpper && figure.status !== 'met') ? [upperNote] : []),
      ...missingNotes(figures.map(({ figure }) => figure)),
    ],
  };
}

const ownValue = (figure: IndicatorFigure, description: IndicatorDescription) =>
  isYesOrNo(figure, description)
    ? writeCommuneValue(figure, description)
    : writeTableValue(figure, description.target);

/** Why figures are missing, each reason once, with how many figures it holds for. */
function missingNotes(figures: readonly IndicatorFigure[]): string[] {
  const reasons = new Map<string, number>();
  for (const figure of figures) {
    const { reason, suppressed } = figure;
    if (isMissing(figure) && reason && !suppressed) reasons.set(reason.vi, (reasons.get(reason.vi) ?? 0) + 1);
  }
  const few = figures.some(({ suppressed }) => suppressed) ? [fewNote] : [];
  const fives = figures.some(({ inFives }) => inFives) ? [fivesNote] : [];
  if (reasons.size === 0) return [...few, ...fives];
  const told = [...reasons].map(
    ([reason, times]) => `${reason.trim().replace(/[.;]+$/, '')} (${writeCount(times)} ô)`,
  );
  return [`Dấu “${noFigure}”: không có số liệu để tính. ${told.join('; ')}.`, ...few, ...fives];
}

/** Ten values for each commune, the province's own agencies and the whole. */
export function communeTable(data: ReportData): Table {
  const { indicators } = data;
  const values = (figures: ReadonlyMap<IndicatorId, IndicatorFigure>, bold = false): Cell[] =>
    indicators.map((description) => {
      const figure = figures.get(description.id);
      if (!figure) return { text: noFigure };
      const text = writeCommuneValue(figure, description);
      return description.unit === 'communes' ? { text, bold, align: 'center' } : { text, bold };
    });
  const rows: Cell[][] = [
    [{ text: '' }, { text: 'Toàn tỉnh', bold: true }, ...values(data.provincial, true)],
    ...data.communes.map(({ number, name, figures }) => [
      { text: String(number) },
      { text: upperFirst(name) },
      ...values(figures),
    ]),
    ...(data.agencies
      ? [[{ text: '' }, { text: 'Cơ quan, đơn vị cấp tỉnh' }, ...values(data.agencies)]]
      : []),
  ];
  const targets = indicators.map(
    (description): Cell => ({ text: writeTarget(description), align: 'center' }),
  );
  return {
    kind: 'table',
    caption: `Bảng 2. Kết quả của các xã, phường đến ngày ${writeDay(data.asOf)}`,
    columns: [
      { widthMillimeters: 9, align: 'center' },
      { widthMillimeters: 42, align: 'left' },
      ...indicators.map(() => ({ widthMillimeters: 201 / indicators.length, align: 'right' as const })),
    ],
    head: [
      heads(['TT', 'Xã, phường', ...indicators.map(({ id }) => shortNames[id])]),
      [{ text: '' }, { text: 'Chỉ tiêu của tỉnh', align: 'left' }, ...targets],
    ],
    rows,
    fontPoints: 10,
    notes: [
      'Đơn vị: %; “Có”, “Chưa”: xã, phường đã hoặc chưa thực hiện. Tin, bài trên báo chí (số lượng) được tính chung cho toàn tỉnh.',
      ...(indicators.some(({ id }) => data.provincial.get(id)?.upperNumerator !== null) ? [rangeNote] : []),
      ...missingNotes(data.communes.flatMap(({ figures }) => [...figures.values()])),
    ],
  };
}

export type Standing =
  | { kind: 'rank'; rank: number; of: number; alike: number }
  | { kind: 'yes-or-no'; done: number; of: number }
  | null;

/** Where a commune stands among those with a value: 1 is the highest, equals share the better place. */
export function standingOf(
  code: string,
  communes: readonly ReportCommune[],
  description: IndicatorDescription,
): Standing {
  const own = communes.find((commune) => commune.code === code)?.figures.get(description.id);
  if (!own || own.value === null) return null;
  const figures = communes.flatMap(({ figures }) => {
    const figure = figures.get(description.id);
    return figure && figure.value !== null ? [figure] : [];
  });
  // a commune's account has nobody's figures but its own
  if (
    communes.length > 1 &&
    communes.every(({ code: other, figures }) => other === code || figures.size === 0)
  )
    return null;
  if (isYesOrNo(own, description))
    return {
      kind: 'yes-or-no',
      done: figures.filter(({ numerator }) => numerator === 1).length,
      of: figures.length,
    };
  const value = own.value;
  return {
    kind: 'rank',
    rank: 1 + figures.filter((figure) => (figure.value as number) > value).length,
    of: figures.length,
    alike: figures.filter((figure) => figure.value === value).length,
  };
}

function writeStanding(standing: Standing): string {
  if (!standing) return noFigure;
  if (standing.kind === 'yes-or-no')
    return `${writeCount(standing.done)}/${writeCount(standing.of)} nơi đã thực hiện`;
  const { rank, of, alike } = standing;
  return `${writeCount(rank)}/${writeCount(of)}${alike > 1 ? ` (${writeCount(alike)} nơi bằng nhau)` : ''}`;
}

/** One commune beside the province, with its place among the communes but where it reads nothing of others. */
export function standingTable(data: ReportData, commune: { code: string; type: string }): Table {
  const rows = figuresOf(data).map(({ description, figure }, index): Cell[] => {
    const provincial = data.provincial.get(description.id);
    return [
      { text: String(index + 1) },
      { text: description.name.vi },
      { text: ownValue(figure, description) },
      { text: provincial ? writeCommuneValue(provincial, description) : noFigure },
      { text: writeTarget(description) },
      ...(data.ownAlone
        ? []
        : [{ text: writeStanding(standingOf(commune.code, data.communes, description)) }]),
    ];
  });
  return {
    kind: 'table',
    caption: `Bảng 2. Kết quả của ${commune.type} so với toàn tỉnh đến ngày ${writeDay(data.asOf)}`,
    columns: [
      { widthMillimeters: 9, align: 'center' },
      { widthMillimeters: data.ownAlone ? 94 : 62, align: 'left' },
      { widthMillimeters: 22, align: 'right' },
      { widthMillimeters: 22, align: 'right' },
      { widthMillimeters: 18, align: 'center' },
      ...(data.ownAlone ? [] : [{ widthMillimeters: 32, align: 'left' } as const]),
    ],
    head: [
      heads([
        'TT',
        'Nội dung',
        `Của ${commune.type} (%)`,
        'Toàn tỉnh (%)',
        'Chỉ tiêu của tỉnh (%)',
        ...(data.ownAlone ? [] : ['Thứ tự trong tỉnh']),
      ]),
    ],
    rows,
    fontPoints: 11,
    notes: [
      ...(data.ownAlone
        ? []
        : ['Thứ tự tính từ cao xuống thấp trong các xã, phường có số liệu; nơi bằng nhau cùng một thứ tự.']),
      'Tin, bài trên báo chí được tính chung cho toàn tỉnh.',
    ],
  };
}
