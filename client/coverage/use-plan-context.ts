import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { equityEndpoint } from '../../contract/coverage-equity.ts';
import type { IndicatorId } from '../../contract/coverage-indicators.ts';
import { gapsEndpoint, nearMissesEndpoint, type ReachPopulation } from '../../contract/coverage-reach.ts';
import { call } from '../api/call.ts';
import { asked, type PlanQuestion } from './plan-question.ts';

/** Whose places an indicator of people counts; null for the others, of which there are no gaps on the map. */
export const populationOf = (indicator: IndicatorId): ReachPopulation | null =>
  populations[indicator] ?? null;

const populations: Partial<Record<IndicatorId, ReachPopulation>> = {
  'establishment-workers-reached': 'establishment-workers',
  'industrial-workers-reached': 'industrial-workers',
  'students-reached': 'students',
};

/** Areas that outreach has not reached. They look back over months, whatever the year. */
export const useGaps = (asOf: string | null, population: ReachPopulation | null) =>
  useQuery({
    queryKey: ['coverage', 'gaps', population, asOf],
    queryFn: ({ signal }) =>
      call(gapsEndpoint, { query: { population: population!, ...(asOf ? { asOf } : {}) }, signal }),
    enabled: population !== null && asOf !== null,
    placeholderData: keepPreviousData,
  });

export const useNearMisses = (question: PlanQuestion, enabled: boolean) =>
  useQuery({
    queryKey: ['coverage', 'near-misses', question.year, question.asOf],
    queryFn: ({ signal }) => call(nearMissesEndpoint, { query: asked(question), signal }),
    enabled,
    placeholderData: keepPreviousData,
  });

export const useEquity = (question: PlanQuestion, indicator: IndicatorId) =>
  useQuery({
    queryKey: ['coverage', 'equity', indicator, question.year, question.asOf],
    queryFn: ({ signal }) => call(equityEndpoint, { query: { ...asked(question), indicator }, signal }),
    placeholderData: keepPreviousData,
  });
