import type { Translate } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import { pWords } from './figures.ts';
import { classColor, colors, patternColor } from './hotspot-classes.ts';
import { reasonInWords } from './reason-words.ts';
import type { Answered } from './use-analysis.ts';

export type Described = {
  /** The class in words with its colour; null where the view has none for communes. */
  title: string | null;
  color: string | null;
  lines: string[];
};

type Words = { t: Translate; format: Formats; language: 'vi' | 'en' };

/** What one side says of a commune: for the tip under the pointer and the card of the selected one. */
export function describeCommune({ name, answer }: Answered, code: string, words: Words): Described {
  const { t, format, language } = words;
  switch (name) {
    case 'local': {
      const area = answer.areas.find(({ id }) => id === code);
      if (!area) return untested(answer.notTestable, code, words);
      return {
        title: t(`hotspots.classes.${area.class}`),
        color: classColor(area.class),
        lines: [
          t('hotspots.tip.violations', {
            violations: format.integer(area.violations),
            inspections: format.integer(area.inspections),
          }),
          ...(area.rate !== null && area.estimate !== null
            ? [
                t('hotspots.tip.rate', {
                  rate: format.percent(area.rate),
                  estimate: format.percent(area.estimate),
                }),
              ]
            : []),
          ...(area.z !== null
            ? [
                t('hotspots.tip.tested', {
                  z: format.fixed(area.z, 2),
                  p: pWords(area.pAdjusted, format),
                }),
              ]
            : []),
        ],
      };
    }
    case 'trend': {
      const area = answer.areas.find(({ id }) => id === code);
      if (!area) return untested(answer.notTestable, code, words);
      const { pattern, side } = area;
      return {
        title: patternWords(pattern, side, t),
        color: pattern && side ? patternColor(pattern, side) : colors.neutral,
        lines: [t('hotspots.tip.trend', { tau: format.fixed(area.tau, 2), p: pWords(area.p, format) })],
      };
    }
    case 'scan': {
      const lines = answer.clusters.flatMap(({ codes, observed, expected, p, from, to }, index) =>
        codes.includes(code)
          ? [
              t('hotspots.tip.cluster', {
                rank: index + 1,
                observed: format.integer(observed),
                expected: format.decimal(expected),
                p: pWords(p, format),
              }) + (from && to ? ` (${format.day(from)} – ${format.day(to)})` : ''),
            ]
          : [],
      );
      return { title: null, color: null, lines: lines.length ? lines : [t('hotspots.tip.outside')] };
    }
    default:
      return { title: null, color: null, lines: [answer.found[language]] };
  }
}

function untested(
  notTestable: readonly { id: string; reason: string }[],
  code: string,
  { t, language }: Words,
): Described {
  const found = notTestable.find(({ id }) => id === code);
  return {
    title: null,
    color: null,
    lines: [
      found
        ? t('hotspots.tip.notTestable', { reason: reasonInWords(found.reason, language) })
        : t('common.notOnRecord'),
    ],
  };
}

type TrendArea = Extract<Answered, { name: 'trend' }>['answer']['areas'][number];

export const patternWords = (pattern: TrendArea['pattern'], side: TrendArea['side'], t: Translate): string =>
  pattern && side
    ? t(`hotspots.patterns.${side}`, { pattern: t(`hotspots.patterns.${pattern}`) })
    : t('hotspots.patterns.none');
