import type { EventPositions } from '../../contract/hotspots.ts';
import type { Sentence } from '../../contract/provenance.ts';
import type { LocalAnalysis } from './areas/local-analysis.ts';
import type { DensitySurface } from './density-answer.ts';
import type { Measure } from './local-answer.ts';
import type { RiskSurface } from './relative-risk-answer.ts';
import type { ScanAnswer } from './scan-answer.ts';
import type { TrendAnswer } from './trend-answer.ts';

// Each answer in one or two sentences, in both languages: what was found and how sure it is, or that nothing was. None
// says more than the figures allow, and none that rests on counts goes without the warning about looking more.

type Period = { from: string; to: string };

const vietnamese = new Intl.NumberFormat('vi-VN', { maximumSignificantDigits: 2 });
const english = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
const vi = (value: number) =>
  Number.isInteger(value) ? value.toLocaleString('vi-VN') : vietnamese.format(value);
const en = (value: number) =>
  Number.isInteger(value) ? value.toLocaleString('en-GB') : english.format(value);
const dayVi = (day: string) => day.split('-').reverse().join('/');
const periodVi = ({ from, to }: Period) => `Từ ${dayVi(from)} đến ${dayVi(to)}`;
const periodEn = ({ from, to }: Period) => `From ${from} to ${to}`;
const pVi = (p: number) => (p < 0.001 ? 'p\u00a0<\u00a00,001' : `p\u00a0=\u00a0${vi(p)}`);
const pEn = (p: number) => (p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${en(p)}`);

const lookedMore = {
  vi: 'Nơi kiểm tra nhiều thì phát hiện nhiều: số phát hiện không phải là tỷ lệ.',
  en: 'Where one looked more, one found more: what was found is not a rate.',
};

const events = {
  violations: {
    vi: 'lượt kiểm tra phát hiện vi phạm',
    en: 'inspections that found a violation',
    unitVi: 'vi phạm',
    unitEn: 'violations',
  },
  reports: { vi: 'tin báo', en: 'reports', unitVi: 'tin báo', unitEn: 'reports' },
  outreach: { vi: 'buổi tuyên truyền', en: 'outreach sessions', unitVi: 'buổi', unitEn: 'sessions' },
};

/** Says where positions are coarser than the records: squares and not premises are on the map. */
export const withPositions = (found: Sentence, positions: EventPositions): Sentence =>
  positions !== 'square-kilometre'
    ? found
    : {
        vi: `${found.vi} Vị trí chỉ lấy đến ô vuông 1 km, không đến từng cơ sở.`,
        en: `${found.en} Positions are by square of one kilometre and not by establishment.`,
      };

export function densityFinding(
  surface: Pick<DensitySurface, 'n' | 'peak'>,
  kind: keyof typeof events,
  period: Period,
): Sentence {
  const { peak, n } = surface;
  const what = events[kind];
  if (n === 0 || !peak) {
    return {
      vi: `${periodVi(period)} không có ${what.vi} nào trong phạm vi bản đồ.`,
      en: `${periodEn(period)} there were no ${what.en} within the map.`,
    };
  }
  const warning = kind === 'violations' ? lookedMore : { vi: '', en: '' };
  return {
    vi: `${periodVi(period)} có ${vi(n)} ${what.vi}; mật độ cao nhất ${vi(peak.perSquareKm)} ${what.unitVi}/km²${peak.commune ? `, tại ${peak.commune}` : ''}. ${warning.vi}`.trim(),
    en: `${periodEn(period)} there were ${en(n)} ${what.en}; the highest density is ${en(peak.perSquareKm)} ${what.unitEn} per km²${peak.commune ? `, in ${peak.commune}` : ''}. ${warning.en}`.trim(),
  };
}

export function riskFinding(
  surface: Pick<RiskSurface, 'violations' | 'inspections' | 'tolerance' | 'maskedShare'>,
  period: Period,
): Sentence {
  const { violations, inspections, tolerance, maskedShare } = surface;
  if (violations === 0) {
    return {
      vi: `${periodVi(period)} không phát hiện vi phạm nào trong ${vi(inspections)} lượt kiểm tra.`,
      en: `${periodEn(period)} none of ${en(inspections)} inspections found a violation.`,
    };
  }
  const above = tolerance
    .filter(({ level, side }) => level === 0.05 && side === 'above')
    .reduce((sum, { geometry }) => sum + geometry.coordinates.length, 0);
  const rate = violations / inspections;
  const masked = Math.round(maskedShare * 100);
  return {
    vi:
      `${periodVi(period)} cứ 100 lượt kiểm tra phát hiện ${vi(100 * rate)} vi phạm (${vi(violations)}/${vi(inspections)}). ` +
      (above > 0
        ? `Ở ${vi(above)} vùng tỷ lệ này cao hơn mức chung của tỉnh ở mức 5 % từng điểm; khi không có gì khác thường, khoảng 5 % diện tích vẫn vượt ngưỡng.`
        : 'Không có vùng nào cao hơn mức chung của tỉnh ở mức 5 % từng điểm.') +
      (masked > 0 ? ` ${masked} % diện tích có quá ít lượt kiểm tra để nói.` : ''),
    en:
      `${periodEn(period)} 100 inspections found ${en(100 * rate)} violations (${en(violations)}/${en(inspections)}). ` +
      (above > 0
        ? `In ${en(above)} areas this is above the province's own at the pointwise 5 % level; about 5 % of the area passes it when nothing is going on.`
        : "Nowhere is this above the province's own at the pointwise 5 % level.") +
      (masked > 0 ? ` ${masked} % of the area has too few inspections to tell.` : ''),
  };
}

export function localFinding(
  analysis: Pick<LocalAnalysis, 'areas' | 'n' | 'tested'>,
  unit: 'commune' | 'cell',
  measure: Measure,
  statistic: 'gi-star' | 'gi' | 'moran',
): Sentence {
  const { areas, tested } = analysis;
  const sure = areas.filter(({ pAdjusted }) => pAdjusted <= 0.05);
  const high = sure.filter((area) =>
    statistic === 'moran' ? area.class === 'high-high' : (area.z ?? 0) > 0,
  ).length;
  const low = sure.filter((area) =>
    statistic === 'moran' ? area.class === 'low-low' : (area.z ?? 0) < 0,
  ).length;
  const unitVi = unit === 'commune' ? 'xã, phường' : 'ô';
  const unitEn = unit === 'commune' ? 'communes' : 'cells';
  const whatVi = measure === 'rate' ? 'tỷ lệ vi phạm trên lượt kiểm tra' : 'số vi phạm phát hiện';
  const whatEn = measure === 'rate' ? 'violations per inspection are' : 'violations found are';
  const warning = measure === 'count' ? lookedMore : { vi: '', en: '' };
  if (tested === 0) {
    return { vi: 'Không đủ số liệu để kiểm định.', en: 'There is not enough evidence to test.' };
  }
  if (high === 0 && low === 0) {
    return {
      vi: `Trong ${vi(tested)} ${unitVi} được kiểm định, không nơi nào có ${whatVi} khác mức ngẫu nhiên (tỷ lệ phát hiện sai 5 %). ${warning.vi}`.trim(),
      en: `In none of ${en(tested)} ${unitEn} tested ${whatEn} other than chance explains (false-discovery rate 5 %). ${warning.en}`.trim(),
    };
  }
  const partsVi = [high > 0 && `ở ${vi(high)} nơi cao hơn`, low > 0 && `ở ${vi(low)} nơi thấp hơn`]
    .filter(Boolean)
    .join(', ');
  const partsEn = [high > 0 && `higher in ${en(high)}`, low > 0 && `lower in ${en(low)}`]
    .filter(Boolean)
    .join(' and ');
  return {
    vi: `Trong ${vi(tested)} ${unitVi} được kiểm định, ${whatVi} ${partsVi} mức ngẫu nhiên giải thích được (tỷ lệ phát hiện sai 5 %). ${warning.vi}`.trim(),
    en: `Of ${en(tested)} ${unitEn} tested, ${whatEn} ${partsEn} than chance explains (false-discovery rate 5 %). ${warning.en}`.trim(),
  };
}

export function scanFinding(
  answer: ScanAnswer,
  names: (row: number) => string,
  usesLooks: boolean,
): Sentence {
  const clusters = answer.result.clusters.filter(({ p }) => (p ?? 1) <= 0.05);
  const warning = usesLooks ? { vi: '', en: '' } : lookedMore;
  if (answer.result.replications === 0) {
    return {
      vi: 'Không đủ số liệu để tìm cụm: cần ít nhất 2 vi phạm, và cả lượt kiểm tra không phát hiện vi phạm.',
      en: 'There is not enough to look for a cluster: it needs at least 2 violations, and inspections that found none.',
    };
  }
  if (clusters.length === 0) {
    const best = answer.result.clusters[0]?.p;
    return {
      vi: `Không có cụm nào vượt mức ngẫu nhiên (ngưỡng 5 %${best != null ? `; cụm rõ nhất ${pVi(best)}` : ''}). ${warning.vi}`.trim(),
      en: `No cluster goes beyond chance (5 % level${best != null ? `; the likeliest has ${pEn(best)}` : ''}). ${warning.en}`.trim(),
    };
  }
  const first = clusters[0]!;
  const times = first.observed / first.expected;
  return {
    vi:
      `Có ${vi(clusters.length)} cụm vượt mức ngẫu nhiên (ngưỡng 5 %); rõ nhất là cụm ${vi(first.rows.length)} xã, phường quanh ` +
      `${names(first.centreRow)}: ${vi(first.observed)} vi phạm, gấp ${vi(times)} lần mức kỳ vọng (${pVi(first.p ?? 1)}). ${warning.vi}`.trim(),
    en:
      `${en(clusters.length)} ${clusters.length === 1 ? 'cluster goes' : 'clusters go'} beyond chance (5 % level); the likeliest holds ${en(first.rows.length)} communes around ` +
      `${names(first.centreRow)}: ${en(first.observed)} violations, ${en(times)} times what is expected (${pEn(first.p ?? 1)}). ${warning.en}`.trim(),
  };
}

export function trendFinding(answer: TrendAnswer, slices: number, measure: Measure): Sentence {
  const classed = answer.areas.filter((area) => area.class !== 'no pattern detected');
  const warning = measure === 'count' ? lookedMore : { vi: '', en: '' };
  if (answer.areas.length === 0) {
    return {
      vi: 'Không có xã, phường nào được kiểm tra trong mọi kỳ, nên chưa thể nói về xu hướng.',
      en: 'No commune was inspected in every slice, so nothing can be said of a trend.',
    };
  }
  const hot = classed.filter((area) => area.class.endsWith('hotspot')).length;
  const cold = classed.length - hot;
  return {
    vi: `Qua ${vi(slices)} kỳ, ${vi(hot)} trong ${vi(answer.areas.length)} xã, phường có kiểu điểm nóng và ${vi(cold)} có kiểu điểm lạnh (tỷ lệ phát hiện sai 5 % trong mỗi kỳ). ${warning.vi}`.trim(),
    en: `Over ${en(slices)} slices ${en(hot)} of ${en(answer.areas.length)} communes show a hot pattern and ${en(cold)} a cold one (false-discovery rate 5 % in each slice). ${warning.en}`.trim(),
  };
}
