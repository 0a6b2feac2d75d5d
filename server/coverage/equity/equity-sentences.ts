import type {
  EquityComparison,
  EquityDifference,
  EquityGrouping,
  EquitySide,
} from '../../../contract/coverage-equity.ts';
import type { IndicatorId } from '../../../contract/coverage-indicators.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import { upperFirst } from '../../../contract/vietnamese-text.ts';

// A comparison in words that say what the figures allow and no more: the two shares with their counts, then either by how
// much the group lies higher or lower, or that it is not enough to say so. Never why.

export const groupingNames: Record<EquityGrouping, Sentence> = {
  mountainous: { vi: 'Miền núi', en: 'Mountainous' },
  coastal: { vi: 'Ven biển', en: 'Coastal' },
  adjoining: { vi: 'Giáp ranh', en: 'Adjoining another province' },
};

const groups: Record<EquityGrouping, Sentence> = {
  mountainous: { vi: 'các xã miền núi', en: 'mountainous communes' },
  coastal: { vi: 'các xã, phường ven biển', en: 'coastal communes' },
  adjoining: { vi: 'các xã, phường giáp ranh tỉnh khác', en: 'communes adjoining another province' },
};
const others: Sentence = { vi: 'các xã, phường còn lại', en: 'the other communes' };

const shares: Record<IndicatorId, Sentence> = {
  'communes-with-outreach': {
    vi: 'tỷ lệ xã, phường duy trì tuyên truyền trong mọi quý đã qua',
    en: 'the share of communes with outreach kept up in every elapsed quarter',
  },
  'establishment-workers-reached': {
    vi: 'tỷ lệ người lao động tại cơ sở kinh doanh dịch vụ chắc chắn đã được tuyên truyền',
    en: 'the share of workers of establishments surely reached',
  },
  'industrial-workers-reached': {
    vi: 'tỷ lệ người lao động trong khu công nghiệp chắc chắn đã được tuyên truyền',
    en: 'the share of industrial-park workers surely reached',
  },
  'students-reached': {
    vi: 'tỷ lệ học sinh, sinh viên chắc chắn đã được tuyên truyền',
    en: 'the share of students surely reached',
  },
  'press-items': { vi: 'số tin, bài trên báo chí', en: 'the number of press items' },
  'communes-with-plan': {
    vi: 'tỷ lệ xã, phường đã ban hành kế hoạch',
    en: 'the share of communes that have issued a plan',
  },
  'communes-integrated': {
    vi: 'tỷ lệ xã, phường đã lồng ghép đủ các chương trình',
    en: 'the share of communes whose plan is integrated with the programmes',
  },
  'reports-resolved': {
    vi: 'tỷ lệ tin báo đến hạn đã được xử lý kịp thời',
    en: 'the share of due reports handled in time',
  },
  'establishments-inspected': {
    vi: 'tỷ lệ cơ sở đã được kiểm tra',
    en: 'the share of establishments inspected',
  },
  'officers-trained': {
    vi: 'tỷ lệ cán bộ chắc chắn đã được tập huấn',
    en: 'the share of officers surely trained',
  },
};

/** Below this many communes with figures on a side, the sentence says how few they are. */
const FEW_COMMUNES = 5;

export function sayComparison(comparison: Omit<EquityComparison, 'said'>): Sentence {
  const { group, rest, difference } = comparison;
  if (!difference) return sayWhyNot(comparison);
  const words = shares[comparison.indicator];
  const where = groups[comparison.grouping];
  return {
    vi: [
      `${upperFirst(words.vi)} ở ${where.vi} là ${ofVi(group)}, ở ${others.vi} là ${ofVi(rest)}: ${verdictVi(comparison, difference)}.`,
      ...fewVi(where.vi, group),
      ...fewVi(others.vi, rest),
    ].join(' '),
    en: [
      `${upperFirst(words.en)} is ${ofEn(group)} in ${where.en} and ${ofEn(rest)} in ${others.en}: ${verdictEn(comparison, difference)}.`,
      ...fewEn(`the ${where.en}`, group),
      ...fewEn(others.en, rest),
    ].join(' '),
  };
}

function verdictVi(comparison: Omit<EquityComparison, 'said'>, { lower, upper }: EquityDifference): string {
  const range = `từ ${signed(lower, 'vi')} đến ${signed(upper, 'vi')} điểm phần trăm`;
  if (comparison.finding === 'higher') return `cao hơn ${between(lower, upper, 'vi')} điểm phần trăm`;
  if (comparison.finding === 'lower') return `thấp hơn ${between(-upper, -lower, 'vi')} điểm phần trăm`;
  return lower > 0 || upper < 0
    ? `chênh lệch ${range}, nhưng còn tùy cách tính người dự nhiều buổi, nên chưa đủ căn cứ để nói có chênh lệch`
    : `chênh lệch ${range}, chưa đủ căn cứ để nói có chênh lệch`;
}

function verdictEn(comparison: Omit<EquityComparison, 'said'>, { lower, upper }: EquityDifference): string {
  const range = `a difference of ${signed(lower, 'en')} to ${signed(upper, 'en')} percentage points`;
  if (comparison.finding === 'higher') return `higher by ${between(lower, upper, 'en')} percentage points`;
  if (comparison.finding === 'lower') return `lower by ${between(-upper, -lower, 'en')} percentage points`;
  return lower > 0 || upper < 0
    ? `${range}, which depends on how those who came twice are counted; not enough to say that there is a difference`
    : `${range}; not enough to say that there is a difference`;
}

function sayWhyNot({ indicator, grouping, group, rest }: Omit<EquityComparison, 'said'>): Sentence {
  const words = shares[indicator];
  const [side, where] = group.reason ? [group, groups[grouping]] : [rest, others];
  switch (side.reason) {
    case 'not-a-share':
      return {
        vi: `${upperFirst(words.vi)}: không phải là tỷ lệ nên không so sánh được.`,
        en: `${upperFirst(words.en)}: not a share, so that nothing can be compared.`,
      };
    case 'small-numbers':
      return {
        vi: `${upperFirst(words.vi)}: ở hầu hết xã, phường số trễ hạn dưới 5 nên không nêu, vì vậy không so sánh được.`,
        en: `${upperFirst(words.en)}: in most communes fewer than 5 are late, which is not told, so that nothing can be compared.`,
      };
    case 'no-commune':
      return group.reason
        ? {
            vi: `Không có xã, phường nào thuộc nhóm ${lowerFirst(groupingNames[grouping].vi)}.`,
            en: `There are no ${where.en}.`,
          }
        : {
            vi: `Tất cả xã, phường đều thuộc nhóm ${lowerFirst(groupingNames[grouping].vi)}: không còn nơi nào để so sánh.`,
            en: `All communes are ${lowerFirst(groupingNames[grouping].en)}: there are no others to compare with.`,
          };
    case 'one-commune':
      return {
        vi: `${upperFirst(words.vi)}: trong ${where.vi}, số liệu gần như nằm trọn ở một xã, phường, nên chưa thể nói có chênh lệch.`,
        en: `${upperFirst(words.en)}: in ${where.en} nearly all figures come from one commune, so that nothing can be said of a difference.`,
      };
    default:
      return {
        vi: `${upperFirst(words.vi)}: ${where.vi} chưa có số liệu để tính.`,
        en: `${upperFirst(words.en)}: there is nothing to count of in ${where.en}.`,
      };
  }
}

/** What to bear in mind in reading all comparisons of an answer. */
export function cautionsFor(comparisons: readonly EquityComparison[]): Sentence[] {
  const made = comparisons.filter(({ difference }) => difference).length;
  const people = comparisons.some(({ differenceAtUpper }) => differenceAtUpper);
  return [
    {
      vi: 'Đây là số liệu của toàn tỉnh, không phải mẫu. Khoảng 95 % cho biết chênh lệch có thể khác đi bao nhiêu chỉ do may rủi nếu công việc như vậy được làm lại, coi mỗi xã, phường là một đơn vị độc lập.',
      en: 'These are counts of the whole province, not of a sample. The 95 % interval says how far the difference could have lain from this one by luck alone, had the same work been done again, each commune being independent.',
    },
    {
      vi: 'Chênh lệch không nói lên nguyên nhân. Một xã, phường có thể thuộc nhiều nhóm.',
      en: 'A difference does not say why. A commune may belong to several groups.',
    },
    ...(made > 1
      ? [
          {
            vi: `Có ${made} so sánh; cứ 20 so sánh thì khoảng một cho thấy chênh lệch dù thực ra không có.`,
            en: `There are ${made} comparisons; of every 20 about one shows a difference that is not there.`,
          },
        ]
      : []),
    ...(people
      ? [
          {
            vi: 'Lượt dự không phải là số người: tỷ lệ tính trên số người chắc chắn đã được tuyên truyền (buổi đông nhất tại mỗi nơi); chỉ nêu chênh lệch khi cách tính cao nhất cũng cho thấy như vậy.',
            en: 'Attendance is not people: shares take those surely reached (the largest session at each place), and a difference is stated only where the highest count shows it too.',
          },
        ]
      : []),
  ];
}

const locales = { vi: 'vi-VN', en: 'en-GB' } as const;
type Language = keyof typeof locales;

/** One decimal, or two significant digits below 0.1, so that a bound that leaves 0 out does not read as 0. */
function number(value: number, language: Language): string {
  const small = value !== 0 && Math.abs(value) < 0.1;
  return new Intl.NumberFormat(
    locales[language],
    small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 1, maximumFractionDigits: 1 },
  ).format(value);
}
const percentagePoints = (share: number, language: Language) => number(100 * share, language);
const signed = (share: number, language: Language) =>
  `${share > 0 ? '+' : share < 0 ? '−' : ''}${percentagePoints(Math.abs(share), language)}`;
const between = (least: number, most: number, language: Language) =>
  language === 'vi'
    ? `từ ${percentagePoints(least, 'vi')} đến ${percentagePoints(most, 'vi')}`
    : `${percentagePoints(least, 'en')} to ${percentagePoints(most, 'en')}`;

const counts = ({ numerator, denominator }: EquitySide, language: Language) =>
  `${numerator.toLocaleString(locales[language])}/${denominator.toLocaleString(locales[language])}`;
const ofVi = (side: EquitySide) => `${percentagePoints(side.share!, 'vi')}\u00a0% (${counts(side, 'vi')})`;
const ofEn = (side: EquitySide) => `${percentagePoints(side.share!, 'en')}% (${counts(side, 'en')})`;

const fewVi = (where: string, { counted }: EquitySide) =>
  counted < FEW_COMMUNES ? [`Trong ${where} chỉ ${counted} nơi có số liệu, nên kết quả kém chắc chắn.`] : [];
const fewEn = (where: string, { counted }: EquitySide) =>
  counted < FEW_COMMUNES
    ? [`Only ${counted} of ${where} ${counted === 1 ? 'has' : 'have'} figures, so that little is sure.`]
    : [];

const lowerFirst = (text: string) => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1);
