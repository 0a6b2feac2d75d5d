import { type EmergingArea, emergingHotSpots } from './areas/emerging-hot-spots.ts';
import { assuncaoReisZ } from './areas/empirical-bayes.ts';
import { evidenceBy } from './evidence.ts';
import { communeWeights, type Measure } from './local-answer.ts';
import { sliceOf } from './time-slices.ts';

export type TrendAnswer = {
  n: number;
  notTestable: { code: string; name: string; reason: string }[];
  areas: ({ code: string; name: string } & EmergingArea)[];
};

const falseDiscoveryRate = 0.05;

/**
 * Emerging hot and cold communes: Gi* in each slice on the empirical-Bayes z of violations per inspection (or on counts),
 * and the trend of each commune's z. With rates, a commune that was not inspected in a slice has no value there: a rate
 * without an inspection is missing, not average.
 *
 * @param slices first days, oldest first; every day of `days` falls into one.
 */
export function provinceTrend(input: {
  communes: Parameters<typeof communeWeights>[0][number][];
  codes: readonly string[];
  days: readonly string[];
  violations: readonly boolean[];
  slices: readonly string[];
  measure: Measure;
}): TrendAnswer {
  const { communes, slices, measure } = input;
  const values = slices.map((_, slice) => {
    const within = input.days.map((day) => sliceOf(slices, day) === slice);
    const evidence = evidenceBy(
      input.codes.filter((_, index) => within[index]),
      input.violations.filter((_, index) => within[index]),
    );
    const looked = communes.flatMap(({ code }, index) =>
      measure === 'count' || evidence.has(code) ? [index] : [],
    );
    const violations = Float64Array.from(
      looked,
      (index) => evidence.get(communes[index]!.code)?.violations ?? 0,
    );
    const inspections = Float64Array.from(
      looked,
      (index) => evidence.get(communes[index]!.code)?.inspections ?? 0,
    );
    const tested =
      measure === 'rate' && violations.some((found) => found > 0)
        ? assuncaoReisZ(violations, inspections).z
        : violations;
    const all = new Float64Array(communes.length).fill(Number.NaN);
    looked.forEach((index, at) => {
      all[index] = tested[at]!;
    });
    return all;
  });
  const answer: TrendAnswer = { n: 0, notTestable: [], areas: [] };
  emergingHotSpots(values, communeWeights(communes, 'queen'), falseDiscoveryRate).forEach((area, index) => {
    const { code, name } = communes[index]!;
    if ('reason' in area) answer.notTestable.push({ code, name, reason: area.reason });
    else answer.areas.push({ code, name, ...area });
  });
  answer.n = answer.areas.length;
  return answer;
}
