import { createParser, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import type { z } from 'zod';
import type { EndpointQueryInput, EndpointResponse } from '../../contract/endpoint.ts';
import {
  densityEndpoint,
  densityEvents,
  inspectionStreams,
  localEndpoint,
  relativeRiskEndpoint,
  scanEndpoint,
  trendEndpoint,
} from '../../contract/hotspots.ts';
import { calendarDay } from '../../contract/places.ts';

export const views = ['local', 'density', 'scan', 'trend'] as const;
export type View = (typeof views)[number];

/** Left: what was found. Right: what was found per look. */
export const sides = ['found', 'perLook'] as const;
export type Side = (typeof sides)[number];

/** Models that count what was found; violations among inspections (Bernoulli) are what stands beside each of them. */
export const foundModels = ['poisson', 'space-time-permutation', 'space-time-poisson'] as const;

const day = createParser<string>({
  parse: (text) => (calendarDay.safeParse(text).success ? text : null),
  serialize: (text) => text,
});

export const greatestBandwidthKm = 10;
/** Kilometres with a point, or `auto`. */
export const parseAsBandwidth = createParser<number | 'auto'>({
  parse: (text) => {
    if (text === 'auto') return text;
    const kilometers = Number(text);
    return kilometers >= 0.5 && kilometers <= greatestBandwidthKm ? kilometers : null;
  },
  serialize: String,
});

const questionParsers = {
  view: parseAsStringLiteral(views).withDefault('local'),
  from: day,
  to: day,
  category: parseAsString,
  stream: parseAsStringLiteral(inspectionStreams),
  statistic: parseAsStringLiteral(['gi-star', 'moran'] as const).withDefault('gi-star'),
  events: parseAsStringLiteral(densityEvents).withDefault('violations'),
  bandwidth: parseAsBandwidth,
  model: parseAsStringLiteral(foundModels).withDefault('poisson'),
  slice: parseAsStringLiteral(['month', 'quarter'] as const).withDefault('quarter'),
};

/** What is asked, in the address of the page. What is null is left to the server's own defaults. */
export const useQuestion = () => useQueryStates(questionParsers);
export type Question = ReturnType<typeof useQuestion>[0];
export type AskAnew = ReturnType<typeof useQuestion>[1];

const analyses = {
  local: localEndpoint,
  density: densityEndpoint,
  'relative-risk': relativeRiskEndpoint,
  scan: scanEndpoint,
  trend: trendEndpoint,
} as const;
export type AnalysisName = keyof typeof analyses;
export type Answers = { [Name in AnalysisName]: EndpointResponse<(typeof analyses)[Name]> };

export type Asking = {
  [Name in AnalysisName]: {
    name: Name;
    endpoint: (typeof analyses)[Name];
    query: EndpointQueryInput<(typeof analyses)[Name]>;
  };
}[AnalysisName];

const asking = <Name extends AnalysisName>(
  name: Name,
  query: z.input<(typeof analyses)[Name]['query']>,
): Asking => ({ name, endpoint: analyses[name], query }) as unknown as Asking;

/** The request that answers the question for one side. */
export function askingOf(question: Question, side: Side): Asking {
  const { view, from, to, category, stream, statistic, events, bandwidth, model, slice } = question;
  const selection = given({ from, to, category });
  const streamed = given({ from, to, category, stream });
  const measure = side === 'found' ? 'count' : 'rate';
  switch (view) {
    case 'local':
      return asking('local', { ...streamed, statistic, measure });
    case 'scan':
      return asking('scan', { ...streamed, model: side === 'found' ? model : 'bernoulli' });
    case 'trend':
      return asking('trend', { ...streamed, measure, slice });
    case 'density': {
      const meters = typeof bandwidth === 'number' ? Math.round(bandwidth * 1000) : null;
      return side === 'found'
        ? asking('density', {
            ...selection,
            events,
            grid: 'none',
            ...given({ bandwidthMeters: bandwidth === 'auto' ? 'auto' : meters }),
          })
        : asking('relative-risk', { ...streamed, ...given({ bandwidthMeters: meters }) });
    }
  }
}

function given<Values extends Record<string, unknown>>(
  values: Values,
): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as never;
}
