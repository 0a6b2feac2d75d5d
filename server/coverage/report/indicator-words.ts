import {
  type IndicatorDescription,
  type IndicatorFigure,
  type IndicatorId,
  type IndicatorStatus,
  paceHasChanged,
} from '../../../contract/coverage-indicators.ts';
import {
  isRange,
  noFigureWords,
  writeCount,
  writeDecimal,
  writeNumerator,
  writePace,
  writeShare,
  writeValue,
} from './figure-words.ts';

/** The plan's four groups of targets, in its words (II.1 to II.4), shortened. */
export const planGroups: readonly { title: string; indicators: readonly IndicatorId[] }[] = [
  {
    title: 'Công tác truyền thông, tuyên truyền, phổ biến, giáo dục',
    indicators: [
      'communes-with-outreach',
      'establishment-workers-reached',
      'industrial-workers-reached',
      'students-reached',
      'press-items',
    ],
  },
  {
    title: 'Phòng ngừa thông qua lồng ghép các chương trình tại địa bàn, cơ sở',
    indicators: ['communes-with-plan', 'communes-integrated'],
  },
  {
    title: 'Tiếp nhận, giải quyết tin báo và kiểm tra cơ sở kinh doanh dịch vụ',
    indicators: ['reports-resolved', 'establishments-inspected'],
  },
  { title: 'Đào tạo, tập huấn, bồi dưỡng đội ngũ cán bộ', indicators: ['officers-trained'] },
];

const statusWords: Record<IndicatorStatus, string> = {
  met: 'Đạt chỉ tiêu',
  'on-pace': 'Đúng tiến độ',
  behind: 'Chậm tiến độ',
  'no-data': 'Chưa có số liệu',
  'no-target': 'Không giao chỉ tiêu',
  suppressed: 'Số nhỏ, không nêu',
};

/** A value that cannot be judged yet (outreach kept up, before a quarter has ended) is not a lack of figures. */
export const judged = ({ status, value }: Pick<IndicatorFigure, 'status' | 'value'>): string =>
  status === 'no-data' && value !== null ? 'Chưa đánh giá' : statusWords[status];

/** Heads of narrow columns. */
export const shortNames: Record<IndicatorId, string> = {
  'communes-with-outreach': 'Duy trì tuyên truyền',
  'establishment-workers-reached': 'Lao động cơ sở dịch vụ',
  'industrial-workers-reached': 'Lao động khu công nghiệp',
  'students-reached': 'Học sinh, sinh viên',
  'press-items': 'Tin, bài báo chí',
  'communes-with-plan': 'Ban hành kế hoạch',
  'communes-integrated': 'Lồng ghép chương trình',
  'reports-resolved': 'Giải quyết tin báo',
  'establishments-inspected': 'Cơ sở được kiểm tra',
  'officers-trained': 'Cán bộ được tập huấn',
};

export const unitWords: Record<IndicatorDescription['unit'], string> = {
  communes: 'xã, phường',
  people: 'người',
  items: 'tin, bài',
  reports: 'tin báo',
  establishments: 'cơ sở',
  officers: 'cán bộ',
};

/** What was done, of a province: `done` and `of` are written numbers. */
const provinceDeeds: Record<IndicatorId, (done: string, of: string) => string> = {
  'communes-with-outreach': (done, of) =>
    `Có ${done} trên ${of} xã, phường tổ chức tuyên truyền và duy trì trong mọi quý đã qua của năm`,
  'establishment-workers-reached': (done, of) =>
    `Đã tuyên truyền cho ${done} trên tổng số ${of} người lao động tại các cơ sở kinh doanh dịch vụ`,
  'industrial-workers-reached': (done, of) =>
    `Đã tuyên truyền cho ${done} trên tổng số ${of} người lao động trong các khu công nghiệp`,
  'students-reached': (done, of) =>
    `Đã tuyên truyền cho ${done} trên tổng số ${of} học sinh, sinh viên trung học phổ thông, đại học và giáo dục nghề nghiệp`,
  'press-items': (done) => `Đã đăng tải ${done} tin, bài trên báo chí`,
  'communes-with-plan': (done, of) => `Có ${done} trên ${of} xã, phường đã ban hành kế hoạch của năm`,
  'communes-integrated': (done, of) =>
    `Có ${done} trên ${of} xã, phường đã lồng ghép đủ các chương trình theo yêu cầu vào kế hoạch`,
  'reports-resolved': (done, of) => `Đã giải quyết đúng hạn ${done} trên ${of} tin báo đến hạn`,
  'establishments-inspected': (done, of) =>
    `Đã kiểm tra ${done} trên ${of} cơ sở kinh doanh dịch vụ hoạt động trong năm`,
  'officers-trained': (done, of) =>
    `Đã tập huấn, bồi dưỡng cho ${done} trên tổng số ${of} cán bộ, công chức, viên chức, lực lượng vũ trang`,
};

/** What one commune did where a province counts communes. */
const communeDeeds: Partial<Record<IndicatorId, readonly [done: string, not: string]>> = {
  'communes-with-outreach': [
    'Đã tổ chức tuyên truyền và duy trì trong mọi quý đã qua của năm',
    'Chưa duy trì được tuyên truyền trong mọi quý đã qua của năm',
  ],
  'communes-with-plan': ['Đã ban hành kế hoạch của năm', 'Chưa ban hành kế hoạch của năm'],
  'communes-integrated': [
    'Đã lồng ghép đủ các chương trình theo yêu cầu vào kế hoạch',
    'Chưa lồng ghép đủ các chương trình theo yêu cầu vào kế hoạch',
  ],
};

const withoutStop = (text: string) => text.trim().replace(/[.;]+$/, '');
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Nothing to say but why. Items of the press are counted of nothing, which is no lack. */
export const isMissing = ({ value, byLevel }: IndicatorFigure): boolean => byLevel === null && value === null;

/** Whether a figure is of one commune in an indicator that counts communes: yes or no, never a share. */
export const isYesOrNo = (figure: IndicatorFigure, { unit }: IndicatorDescription) =>
  unit === 'communes' && figure.denominator === 1;

/** Some plain sentences on one figure: what was done, within the period, against the target, at what pace. */
export function resultSentences(
  figure: IndicatorFigure,
  description: IndicatorDescription,
  { gained, year, ofCommune }: { gained: number | null; year: number; ofCommune: boolean },
): string {
  const { target } = description;
  const unit = unitWords[description.unit];
  if (isMissing(figure)) {
    const reason = figure.reason ? `: ${lowerFirst(withoutStop(figure.reason.vi))}` : '';
    return `${description.name.vi}: ${noFigureWords}${reason}.`;
  }
  const sentences: string[] = [];
  const yesOrNo = ofCommune && isYesOrNo(figure, description) ? communeDeeds[figure.indicator] : undefined;
  if (figure.indicator === 'communes-with-outreach' && figure.status === 'no-data') {
    const done = !yesOrNo
      ? `Có ${writeNumerator(figure)} trên ${writeCount(figure.denominator ?? 0)} xã, phường tổ chức tuyên truyền`
      : figure.numerator === 1
        ? 'Đã tổ chức tuyên truyền'
        : 'Chưa tổ chức tuyên truyền';
    return `${done}; chưa có quý nào kết thúc để đánh giá việc duy trì.`;
  }
  if (yesOrNo) return `${yesOrNo[figure.numerator === 1 ? 0 : 1]}.`;

  const value = writeValue(figure, target);
  const deed = provinceDeeds[figure.indicator](
    writeNumerator(figure),
    figure.denominator === null ? '' : writeCount(figure.denominator),
  );
  sentences.push(`${deed}${value ? `, đạt ${value}` : ''}${levelWords(figure)}.`);
  // from January on the gain is the whole, which was said
  if (gained !== null && gained !== 0 && gained !== figure.numerator)
    sentences.push(
      `Trong kỳ ${gained > 0 ? 'tăng thêm' : 'giảm'} ${writeCount(Math.abs(gained))} ${unit}${isRange(figure) ? ' (tính theo cận dưới)' : ''}.`,
    );
  sentences.push(...targetSentences(figure, target, unit, year));
  if (figure.placesOfUnknownSize > 0)
    sentences.push(
      `Chưa tính ${writeCount(figure.placesOfUnknownSize)} địa điểm không có số người trên hồ sơ.`,
    );
  return sentences.join(' ');
}

const levelWords = ({ byLevel }: IndicatorFigure) =>
  byLevel
    ? `, trong đó báo chí trung ương ${writeCount(byLevel.central)}, báo chí địa phương ${writeCount(byLevel.local)}`
    : '';

function targetSentences(
  figure: IndicatorFigure,
  target: number | null,
  unit: string,
  year: number,
): string[] {
  const sentences: string[] = [];
  const goal = target === null ? 'chỉ tiêu' : `chỉ tiêu ${writeShare(target)}`;
  const { missing, paceNeeded, paceSoFar, paceOfLate, projected } = figure;
  if (figure.status === 'no-data') return sentences;
  if (figure.status === 'met') sentences.push(`Đã đạt ${goal}.`);
  else if (figure.status === 'no-target') sentences.push('Kế hoạch không giao chỉ tiêu.');
  else {
    const lacking =
      missing !== null && missing > 0 ? `, còn thiếu ${writeCount(missing)} ${unit} so với ${goal}` : '';
    sentences.push(`${judged(figure)}${lacking}.`);
    if (figure.metAtUpper) sentences.push('Nếu không có người nào được tính nhiều lần thì đã đạt chỉ tiêu.');
    const late = paceOfLate !== null && paceHasChanged(figure) ? ` (gần đây ${writePace(paceOfLate)})` : '';
    if (paceSoFar !== null && paceNeeded !== null && missing)
      sentences.push(
        `Bình quân 30 ngày thực hiện được ${writePace(paceSoFar)} ${unit}${late}; để đạt chỉ tiêu vào ngày 31/12/${year} cần ${writePace(paceNeeded)} ${unit}.`,
      );
    if (projected)
      sentences.push(
        `Với nhịp độ ${paceOfLate === null ? 'này' : 'gần đây'}, dự kiến đến hết năm đạt ${writeShare(projected.value, target)} (khoảng dự báo 95 %: từ ${writeShare(projected.lower, target)} đến ${writeShare(projected.upper, target)}).`,
      );
  }
  return sentences;
}

/** Written in the narrow column of the table. */
export const writeStatus = (figure: IndicatorFigure): string =>
  `${judged(figure)}${figure.metAtUpper && figure.status !== 'met' ? ' (*)' : ''}`;

export const writeTarget = ({ id, target }: IndicatorDescription): string =>
  target !== null ? writeDecimal(target * 100) : id === 'press-items' ? 'Có ở cả hai cấp' : '–';
