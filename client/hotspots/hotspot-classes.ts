import type { emergingPatterns, localClasses } from '../../contract/hotspots.ts';

export type LocalClass = (typeof localClasses)[number];
export type Pattern = (typeof emergingPatterns)[number];
export type Temperature = 'hot' | 'cold';

// Brown to blue through the grey of the land: told apart with every common colour blindness, and no red, since a class is
// an observation and not an alarm. Each class is also written in words wherever it occurs.
export const colors = {
  hot: ['#f3c890', '#d98a3a', '#954c0b'],
  cold: ['#b4d5e6', '#5f9fc4', '#1d5c88'],
  neutral: '#f1efea',
} as const;

const classColors: Record<LocalClass, string> = {
  'hot-99': colors.hot[2],
  'hot-95': colors.hot[1],
  'hot-90': colors.hot[0],
  'not-significant': colors.neutral,
  'cold-90': colors.cold[0],
  'cold-95': colors.cold[1],
  'cold-99': colors.cold[2],
  'high-high': colors.hot[2],
  'high-low': colors.hot[0],
  'low-high': colors.cold[0],
  'low-low': colors.cold[2],
};
export const classColor = (one: LocalClass): string => classColors[one];

/** From hottest to coldest: the order of legends and of sorting. */
export const giClasses = [
  'hot-99',
  'hot-95',
  'hot-90',
  'not-significant',
  'cold-90',
  'cold-95',
  'cold-99',
] as const satisfies readonly LocalClass[];
export const moranClasses = [
  'high-high',
  'high-low',
  'not-significant',
  'low-high',
  'low-low',
] as const satisfies readonly LocalClass[];

const ranks = new Map<LocalClass, number>([
  ...giClasses.map((one, index) => [one, giClasses.length - index] as const),
  ['high-high', 7],
  ['high-low', 6],
  ['low-high', 2],
  ['low-low', 1],
]);
export const classRank = (one: LocalClass): number => ranks.get(one)!;

/** Higher than chance explains at a false-discovery rate of 5 %: what the server's sentence counts. */
export const isSurelyHigh = (area: { class: LocalClass; pAdjusted: number }): boolean =>
  area.pAdjusted <= 0.05 && ['hot-95', 'hot-99', 'high-high'].includes(area.class);

// The more a pattern says of the present, the darker it is.
const patternStrength: Record<Pattern, 0 | 1 | 2> = {
  intensifying: 2,
  persistent: 2,
  consecutive: 2,
  diminishing: 1,
  new: 1,
  oscillating: 1,
  sporadic: 0,
  historical: 0,
};
export const patternColor = (pattern: Pattern, side: Temperature): string =>
  colors[side][patternStrength[pattern]];
