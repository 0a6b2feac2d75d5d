import type {
  GapsAnswer,
  NearMissesAnswer,
  PopulationReach,
  ReachMethod,
  ReachPopulation,
} from '../../../contract/coverage-reach.ts';
import type { Sentence } from '../../../contract/provenance.ts';

// Each answer in a few sentences, in both languages. "Within reach" is not "attended": none says that people were reached.

const vi = (value: number) => value.toLocaleString('vi-VN');
const en = (value: number) => value.toLocaleString('en-GB');
const percentVi = (share: number) =>
  `${(share * 100).toLocaleString('vi-VN', { maximumFractionDigits: 1 })}\u00a0%`;
const percentEn = (share: number) =>
  `${(share * 100).toLocaleString('en-GB', { maximumFractionDigits: 1 })}\u00a0%`;
const dayVi = (day: string) => day.split('-').reverse().join('/');
const quarterVi = (quarter: string) =>
  `quý ${['I', 'II', 'III', 'IV'][Number(quarter[6]) - 1]}/${quarter.slice(0, 4)}`;

const populationNames: Record<ReachPopulation, Sentence> = {
  'establishment-workers': {
    vi: 'người lao động tại cơ sở kinh doanh dịch vụ',
    en: 'workers of establishments',
  },
  'industrial-workers': { vi: 'công nhân khu công nghiệp', en: 'workers of industrial parks' },
  students: { vi: 'học sinh, sinh viên', en: 'students' },
  'dormitory-residents': { vi: 'người ở ký túc xá, khu trọ', en: 'residents of dormitories' },
};

type Period = { from: string; asOf: string };
const periodVi = ({ from, asOf }: Period) => `Từ ${dayVi(from)} đến ${dayVi(asOf)}`;
const periodEn = ({ from, asOf }: Period) => `From ${from} to ${asOf}`;

/** Says so where the sessions of the neighbours, which may reach over the border, are not the asker's to see. */
export const withSessionsOf = (found: Sentence, sessionsOf: ReachMethod['sessionsOf']): Sentence =>
  sessionsOf === 'province'
    ? found
    : {
        vi: `${found.vi} Chỉ tính các buổi của xã, phường mình; buổi tổ chức ở nơi giáp ranh của xã, phường khác không tính.`,
        en: `${found.en} Sessions of the own commune alone are counted, not those held across its border.`,
      };

export function reachFinding(populations: readonly PopulationReach[], period: Period): Sentence {
  const partsVi: string[] = [];
  const partsEn: string[] = [];
  for (const { population, share, people, peopleWithinReach } of populations) {
    if (share === null || people === null || peopleWithinReach === null) continue;
    const names = populationNames[population];
    partsVi.push(`${percentVi(share)} ${names.vi} (${vi(peopleWithinReach)}/${vi(people)})`);
    partsEn.push(`${percentEn(share)} of ${names.en} (${en(peopleWithinReach)} of ${en(people)})`);
  }
  const unknown = populations.reduce(
    (sum, { unknownWithinReach, unknownOutOfReach }) => sum + unknownWithinReach + unknownOutOfReach,
    0,
  );
  if (partsVi.length === 0) {
    return {
      vi: 'Chưa có địa điểm nào có số người được ghi nhận, nên chưa thể nói về tầm phủ của tuyên truyền.',
      en: 'No place has its number of people on record, so nothing can be said of the reach of outreach.',
    };
  }
  return {
    vi:
      `${periodVi(period)}, ở nơi nằm trong tầm của một buổi tuyên truyền dành cho họ có ${partsVi.join('; ')}. Ở trong tầm không có nghĩa là đã dự.` +
      (unknown > 0 ? ` ${vi(unknown)} địa điểm chưa rõ số người, không tính vào số người.` : ''),
    en:
      `${periodEn(period)}, at places within reach of a session held for them were ${partsEn.join('; ')}. Within reach does not mean that they attended.` +
      (unknown > 0
        ? ` ${en(unknown)} ${unknown === 1 ? 'place has' : 'places have'} no number on record and ${unknown === 1 ? 'is' : 'are'} left out of the people.`
        : ''),
  };
}

export function gapsFinding(
  answer: Pick<GapsAnswer, 'total' | 'features' | 'population'>,
  period: Period,
): Sentence {
  const { total, features, population } = answer;
  const whoVi = population ? ` (${populationNames[population].vi})` : '';
  const whoEn = population ? ` (${populationNames[population].en})` : '';
  if (total.places === 0) {
    return {
      vi: `${periodVi(period)} không có địa điểm nào${whoVi} nằm ngoài tầm của tuyên truyền.`,
      en: `${periodEn(period)} no place${whoEn} was out of reach of outreach.`,
    };
  }
  const first = features[0]?.properties;
  const [commune] = first?.communes ?? [];
  return {
    vi:
      `${periodVi(period)} có ${vi(total.places)} địa điểm${whoVi} với ${vi(total.people)} người nằm ngoài tầm của tuyên truyền, thành ${vi(total.gaps)} khoảng trống` +
      (total.unknownPlaces > 0 ? ` (${vi(total.unknownPlaces)} địa điểm chưa rõ số người)` : '') +
      (first && commune
        ? `; lớn nhất là khoảng trống ở ${commune.name}${first.communes.length > 1 ? ` và ${vi(first.communes.length - 1)} xã, phường khác` : ''}: ${vi(first.people)} người tại ${vi(first.places)} địa điểm.`
        : '.'),
    en:
      `${periodEn(period)} ${en(total.places)} ${total.places === 1 ? 'place' : 'places'}${whoEn} with ${en(total.people)} people ${total.places === 1 ? 'was' : 'were'} out of reach of outreach, in ${en(total.gaps)} ${total.gaps === 1 ? 'gap' : 'gaps'}` +
      (total.unknownPlaces > 0 ? ` (${en(total.unknownPlaces)} without a number on record)` : '') +
      (first && commune
        ? `; the largest is in ${commune.name}${first.communes.length > 1 ? ` and ${en(first.communes.length - 1)} more` : ''}: ${en(first.people)} people at ${en(first.places)} ${first.places === 1 ? 'place' : 'places'}.`
        : '.'),
  };
}

export function nearMissFinding(
  answer: Pick<NearMissesAnswer, 'elapsedQuarters' | 'keptUp' | 'all' | 'communes' | 'year' | 'asOf'>,
): Sentence {
  const { elapsedQuarters, keptUp, all, communes, year, asOf } = answer;
  if (elapsedQuarters.length === 0) {
    return {
      vi: `Đến ${dayVi(asOf)} chưa quý nào của năm ${year} kết thúc; ${vi(keptUp)}/${vi(all)} xã, phường đã có tuyên truyền trong năm.`,
      en: `By ${asOf} no quarter of ${year} has ended; ${en(keptUp)} of ${en(all)} communes have held outreach in the year.`,
    };
  }
  const byQuarter = elapsedQuarters
    .map((quarter) => ({
      quarter,
      communes: communes.filter(({ missingQuarter }) => missingQuarter === quarter).length,
    }))
    .filter((missing) => missing.communes > 0);
  const keptVi = `Đến ${dayVi(asOf)}, ${vi(keptUp)}/${vi(all)} xã, phường duy trì tuyên truyền trong mọi quý đã qua của năm ${year}`;
  const keptEn = `By ${asOf}, ${en(keptUp)} of ${en(all)} communes kept up outreach in every elapsed quarter of ${year}`;
  if (communes.length === 0)
    return { vi: `${keptVi}; không nơi nào chỉ thiếu một quý.`, en: `${keptEn}; none lacks just one.` };
  return {
    vi: `${keptVi}; ${vi(communes.length)} nơi chỉ thiếu một quý (${byQuarter.map((missing) => `${quarterVi(missing.quarter)}: ${vi(missing.communes)}`).join('; ')}).`,
    en: `${keptEn}; ${en(communes.length)} ${communes.length === 1 ? 'lacks' : 'lack'} just one (${byQuarter.map((missing) => `${missing.quarter}: ${en(missing.communes)}`).join('; ')}).`,
  };
}
