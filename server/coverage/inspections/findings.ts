import type { InspectionFigures, SpreadMeasure } from '../../../contract/coverage-inspections.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import type { InspectionStream } from './spread.ts';

// What the figures allow to say, and no more, in both languages. That inspections gather is not said to be wrong: where a
// sign of violation was, gathering is right.

const numbers = (digits: number) => {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const vietnamese = new Intl.NumberFormat('vi-VN', options);
  const english = new Intl.NumberFormat('en-GB', options);
  return { vi: (value: number) => vietnamese.format(value), en: (value: number) => english.format(value) };
};
const whole = numbers(0);
const coefficients = [numbers(2), numbers(3), numbers(4)] as const;
const percent = {
  vi: (share: number) => `${numbers(1).vi(100 * share)}\u00a0%`,
  en: (share: number) => `${numbers(1).en(100 * share)}%`,
};
const dayVi = (day: string) => day.split('-').reverse().join('/');

/** Where the year stands against the target. */
export function coverageFinding(total: InspectionFigures, asOf: string, target: number): Sentence {
  const { active, inspected, share, missing, repeatedPlanned } = total;
  if (share === null) {
    return {
      vi: `Đến ngày ${dayVi(asOf)}, không có cơ sở nào có giấy phép còn hiệu lực trong năm.`,
      en: `Up to ${asOf} no establishment had a licence in force in the year.`,
    };
  }
  const repeated =
    repeatedPlanned === 0
      ? { vi: '', en: '' }
      : {
          vi: ` ${whole.vi(repeatedPlanned)} cơ sở được kiểm tra theo kế hoạch quá một lần trong năm khi chưa ghi nhận dấu hiệu vi phạm.`,
          en: ` ${whole.en(repeatedPlanned)} had more than one planned inspection in the year without a sign of violation on record.`,
        };
  const standing =
    missing === 0
      ? { vi: `đã đạt chỉ tiêu ${percent.vi(target)}`, en: `the target of ${percent.en(target)} is met` }
      : {
          vi: `còn thiếu ${whole.vi(missing)} cơ sở để đạt chỉ tiêu ${percent.vi(target)}`,
          en: `${whole.en(missing)} more are needed for the target of ${percent.en(target)}`,
        };
  return {
    vi: `Đến ngày ${dayVi(asOf)}, đã kiểm tra ${whole.vi(inspected)} trong ${whole.vi(active)} cơ sở hoạt động trong năm (${percent.vi(share)}); ${standing.vi}.${repeated.vi}`,
    en: `Up to ${asOf}, ${whole.en(inspected)} of ${whole.en(active)} establishments active in the year were inspected (${percent.en(share)}); ${standing.en}.${repeated.en}`,
  };
}

const streams: Record<InspectionStream, Sentence> = {
  all: { vi: 'Tính mọi lượt kiểm tra', en: 'Counting all inspections' },
  routine: {
    vi: 'Chỉ tính kiểm tra theo kế hoạch và ngẫu nhiên',
    en: 'Counting planned and random inspections alone',
  },
};
const verdicts: Record<NonNullable<SpreadMeasure['verdict']>, Sentence> = {
  even: { vi: 'đều hơn bốc thăm', en: 'more even than by lot' },
  'as-by-lot': { vi: 'không khác bốc thăm một cách rõ rệt', en: 'not clearly different from a draw by lot' },
  'piled-up': { vi: 'dồn hơn bốc thăm', en: 'more piled up than by lot' },
};
const caution: Record<InspectionStream, Sentence> = {
  all: {
    vi: 'Dồn lại chưa phải là sai: nơi có dấu hiệu vi phạm thì được kiểm tra thêm.',
    en: 'Piled up is not wrong by itself: where there was a sign of violation one looks again.',
  },
  routine: {
    vi: 'Số liệu cho biết có dồn, không cho biết vì sao.',
    en: 'The figures say that they are piled up, not why.',
  },
};

/** Whether inspections are even or piled up, held against the same number dealt by lot. */
export function spreadFinding(
  stream: InspectionStream,
  inspections: number,
  establishments: SpreadMeasure,
  communes: SpreadMeasure,
): Sentence {
  const { vi: streamVi, en: streamEn } = streams[stream];
  if (establishments.reason === 'no-active-establishment') {
    return {
      vi: `${streamVi}, không có cơ sở nào hoạt động để so sánh.`,
      en: `${streamEn}, there is no active establishment to compare.`,
    };
  }
  if (inspections === 0) {
    return {
      vi: `${streamVi}, chưa có lượt kiểm tra nào: chưa thể nói đều hay dồn.`,
      en: `${streamEn}, there is none yet: whether they are even or piled up cannot be said.`,
    };
  }
  const over = [
    { ...measured(establishments), vi: 'giữa các cơ sở', en: 'over establishments' },
    { ...measured(communes), vi: 'giữa các xã, phường', en: 'over communes' },
  ].flatMap((one) => (one.said ? [{ vi: `${one.vi} ${one.said.vi}`, en: `${one.en} ${one.said.en}` }] : []));
  if (over.length === 0) {
    return {
      vi: `${streamVi}, chỉ có một cơ sở: không thể nói đều hay dồn.`,
      en: `${streamEn}, there is but one establishment: whether they are even or piled up cannot be said.`,
    };
  }
  const piledUp = establishments.verdict === 'piled-up' || communes.verdict === 'piled-up';
  const warning = piledUp ? caution[stream] : { vi: '', en: '' };
  return {
    vi: `${streamVi}, hệ số Gini ${over.map(({ vi }) => vi).join('; ')}. ${warning.vi}`.trim(),
    en: `${streamEn}, the Gini coefficient ${over.map(({ en }) => en).join('; ')}. ${warning.en}`.trim(),
  };
}

function measured({ gini, byLot, verdict }: SpreadMeasure): { said: Sentence | null } {
  if (gini === null || !byLot || !verdict) return { said: null };
  // with as many decimals as tell the coefficient from the range that it is held against, where any do
  const { lower, upper } = byLot;
  const number =
    coefficients.find(({ en }) => new Set([en(gini), en(lower), en(upper)]).size === 3) ?? coefficients[0];
  const compared = (language: 'vi' | 'en') => {
    const write = number[language];
    return { is: write(gini), lot: write(byLot.gini), range: `${write(lower)}–${write(upper)}` };
  };
  const vi = compared('vi');
  const en = compared('en');
  return {
    said: {
      vi: `là ${vi.is}, bốc thăm cùng số lượt cho ${vi.lot} (${vi.range}): ${verdicts[verdict].vi}`,
      en: `is ${en.is}, the same number dealt by lot gives ${en.lot} (${en.range}): ${verdicts[verdict].en}`,
    },
  };
}
