import { type EmergingArea, emergingHotSpots } from './emerging-hot-spots.ts';
import { assuncaoReisZ } from './empirical-bayes.ts';
import { evidenceBy } from './evidence.ts';
import { communeWeights, type Measure } from './local-answer.ts';
import { sliceOf } from './time-slices.ts';
import { weightsAmong } from './weights.ts';

export type TrendAnswer = {
  n: number;
  notTestable: { code: string; name: string; reason: string }[];
  areas: ({ code: string; name: string } & EmergingArea)[];
};

const falseDiscoveryRate = 0.05;

/**
 * Emerging hot and cold communes: Gi* in each slice on the empirical-Bayes z of violations per inspection (or on counts),
 * and the trend of each commune's z. With rates, a commune that was not inspected in every slice is not testable: a
 * rate without an inspection is missing, not average.
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
  const bySlice = slices.map((_, slice) => {
    const within = input.days.map((day) => sliceOf(slices, day) === slice);
    return evidenceBy(
      input.codes.filter((_, index) => within[index]),
      input.violations.filter((_, index) => within[index]),
    );
  });
  const notTestable: TrendAnswer['notTestable'] = [];
  const kept: number[] = [];
  communes.forEach(({ code, name }, index) => {
    const unseen = bySlice.findIndex((evidence) => !evidence.has(code));
    if (measure === 'rate' && unseen >= 0) {
      notTestable.push({
        code,
        name,
        reason: `no inspection in the period that begins on ${slices[unseen]}: there is no rate`,
      });
    } else kept.push(index);
  });
  const weights = weightsAmong(communeWeights(communes, 'queen'), Int32Array.from(kept));
  const values = bySlice.map((evidence) => {
    const violations = Float64Array.from(
      kept,
      (index) => evidence.get(communes[index]!.code)?.violations ?? 0,
    );
    if (measure === 'count') return violations;
    const inspections = Float64Array.from(
      kept,
      (index) => evidence.get(communes[index]!.code)?.inspections ?? 0,
    );
    const anyFound = violations.some((found) => found > 0);
    return anyFound ? assuncaoReisZ(violations, inspections).z : violations;
  });
  const areas: TrendAnswer['areas'] = [];
  emergingHotSpots(values, weights, falseDiscoveryRate).forEach((area, at) => {
    const { code, name } = communes[kept[at]!]!;
    if ('reason' in area) notTestable.push({ code, name, reason: area.reason });
    else areas.push({ code, name, ...area });
  });
  notTestable.sort((a, b) => (a.code < b.code ? -1 : 1));
  return { n: kept.length, notTestable, areas };
}
