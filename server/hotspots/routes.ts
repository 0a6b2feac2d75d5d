import { cellToLatLng } from 'h3-js';
import type {
  densityEndpoint,
  EventPositions,
  localEndpoint,
  relativeRiskEndpoint,
  scanEndpoint,
  trendEndpoint,
} from '../../contract/hotspots.ts';
import type { Transaction } from '../db/database.ts';
import { ProblemError, wrongQuery } from '../http/problem.ts';
import { analyse, type Prepare } from './analysis-route.ts';
import type { DensityGrid } from './density/density-window.ts';
import { inspectionsAt, repeated } from './evidence.ts';
import {
  densityFinding,
  localFinding,
  riskFinding,
  scanFinding,
  trendFinding,
  withPositions,
} from './findings.ts';
import {
  type InspectionPlaces,
  type InspectionSelection,
  type MappedCommune,
  readActiveEstablishments,
  readInspectionPlaces,
  readInspections,
  readOutreachByCommune,
  readReportCells,
} from './queries.ts';
import { readMap, readSelection } from './selection.ts';
import { addDays, slicesOf, wholeSlices } from './time-slices.ts';
import { wholeQuarters } from './whole-quarters.ts';

type Clock = () => Date;

export const prepareDensity =
  (clock: Clock): Prepare<typeof densityEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const asked = await readSelection(transaction, clock, query, 'all');
    const selection = query.events === 'reports' ? { ...asked, ...quartersOf(asked) } : asked;
    const communes = await readMap(transaction);
    const { simulated, withheld, positions, ...places } = await eventPlaces(
      transaction,
      query.events,
      selection,
      communes,
    );
    return analyse<typeof densityEndpoint, 'density'>(
      'density',
      { communes, ...places, bandwidthMeters: query.bandwidthMeters },
      (surface) => ({
        ...headOf(selection, dataVersion, communes, simulated),
        method: {
          statistic: 'kernel density',
          events: query.events,
          positions,
          kernel: 'gaussian',
          edge: 'diggle',
          bandwidthMeters: surface.bandwidthMeters,
          bandwidth: query.bandwidthMeters === 'auto' ? 'likelihood cross-validation' : 'given',
          crs: surface.crs,
        },
        unit: 'events/km²',
        n: surface.n,
        outside: surface.outside,
        withheld,
        integral: surface.integral,
        ...(query.grid === 'values' && { grid: gridValues(surface.grid) }),
        contours: { type: 'FeatureCollection', features: surface.bands },
        found: withPositions(densityFinding(surface, query.events, selection), positions),
      }),
    );
  };

function quartersOf({ from, to }: Pick<InspectionSelection, 'from' | 'to'>): { from: string; to: string } {
  const quarters = wholeQuarters(from, to);
  if (quarters) return quarters;
  throw wrongQuery(
    'to',
    `no whole quarter lies from ${from} to ${to}, and reports are told by whole quarters`,
    'Give a period that holds one, such as 2026-01-01 to 2026-03-31.',
  );
}

/** Where the events of a density lie: violations at their premises or near them, reports in coarse cells, outreach by commune. */
async function eventPlaces(
  transaction: Transaction,
  events: 'violations' | 'reports' | 'outreach',
  selection: InspectionSelection,
  communes: MappedCommune[],
) {
  const { from, to } = selection;
  if (events === 'violations') {
    const places = await readInspectionPlaces(transaction, selection);
    const { violations, simulated } = places;
    const positions = positionsOf(places);
    if (places.exact) return { ...repeated(places, violations), simulated, withheld: 0, positions };
    // Weighted: as so many events at one point each would lie on its neighbours, and a bandwidth be chosen from that.
    const at = (values: readonly number[]) => values.filter((_, index) => violations[index]! > 0);
    return {
      longitudes: at(places.longitudes),
      latitudes: at(places.latitudes),
      weights: at(violations),
      ...{ simulated, withheld: 0, positions },
    };
  }
  if (events === 'reports') {
    const { cells, counts: weights, simulated, withheld } = await readReportCells(transaction, from, to);
    const centres = cells.map(cellToLatLng);
    return {
      longitudes: centres.map(([, longitude]) => longitude),
      latitudes: centres.map(([latitude]) => latitude),
      weights,
      ...{ simulated, withheld, positions: 'h3-cell' as EventPositions },
    };
  }
  const { codes, counts, simulated } = await readOutreachByCommune(transaction, from, to);
  const placed = codes.map((code) => communes.find((commune) => commune.code === code)!);
  return {
    longitudes: placed.map(({ longitude }) => longitude),
    latitudes: placed.map(({ latitude }) => latitude),
    weights: counts,
    simulated,
    withheld: 0,
    positions: 'commune' as EventPositions,
  };
}

const positionsOf = ({ exact }: InspectionPlaces): EventPositions =>
  exact ? 'establishment' : 'square-kilometre';

export const prepareRelativeRisk =
  (clock: Clock): Prepare<typeof relativeRiskEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const selection = await readSelection(transaction, clock, query, query.stream ?? 'routine');
    const communes = await readMap(transaction);
    const places = await readInspectionPlaces(transaction, selection);
    const { simulated } = places;
    const positions = positionsOf(places);
    const { bandwidthMeters } = query;
    return analyse<typeof relativeRiskEndpoint, 'relativeRisk'>(
      'relativeRisk',
      { communes, ...inspectionsAt(places), bandwidthMeters },
      (surface) => ({
        ...headOf(selection, dataVersion, communes, simulated),
        method: {
          statistic: 'relative risk',
          ratio: 'violations per inspection',
          positions,
          stream: selection.stream,
          kernel: 'gaussian',
          edge: 'diggle',
          bandwidthMeters,
          minimumInspections: surface.minimumInspections,
          crs: surface.crs,
        },
        violations: surface.violations,
        inspections: surface.inspections,
        maskedShare: surface.maskedShare,
        ...(query.grid === 'values' && { grid: gridValues(surface.grid) }),
        tolerance: {
          type: 'FeatureCollection',
          features: surface.tolerance.map(({ level, side, geometry }) => ({
            type: 'Feature',
            properties: { level, side },
            geometry: geometry as never,
          })),
        },
        found: withPositions(riskFinding(surface, selection), positions),
      }),
    );
  };

export const prepareLocal =
  (clock: Clock): Prepare<typeof localEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const { unit, statistic, measure, weights, p, permutations, seed } = query;
    const selection = await readSelection(
      transaction,
      clock,
      query,
      query.stream ?? (query.measure === 'rate' ? 'routine' : 'all'),
    );
    const communes = await readMap(transaction);
    const { inspections, positions, simulated } = await readLooks(transaction, unit, selection);
    const options = { statistic, style: 'row', p, moments: 'conditional', permutations, seed } as const;
    return analyse<typeof localEndpoint, 'local'>(
      'local',
      { communes, ...inspections, unit, measure, weights, options },
      ({ ids, names, evidence, estimates, analysis }) => ({
        ...headOf(selection, dataVersion, communes, simulated),
        method: {
          statistic,
          unit,
          positions,
          measure,
          tested: measure === 'rate' ? 'empirical-Bayes z (Assunção & Reis 1999)' : 'violations found',
          stream: selection.stream,
          weights,
          style: 'row',
          p,
          pShown: analysis.pShown,
          adjustment: 'Benjamini-Hochberg',
          permutations: analysis.permutations,
          seed: p === 'permutation' ? seed : null,
          crs: 'EPSG:4326, neighbours on the ellipsoid',
        },
        n: analysis.n,
        notTestable: analysis.notTestable.map(({ index, reason }) => ({
          id: ids[index]!,
          name: names[index]!,
          reason,
        })),
        warnings: analysis.warnings,
        global: { moran: 'reason' in analysis.moran ? null : analysis.moran },
        areas: analysis.areas.map((area) => {
          const { violations, inspections: looks } = evidence[area.index]!;
          return {
            id: ids[area.index]!,
            name: names[area.index]!,
            violations,
            inspections: looks,
            rate: looks === 0 ? null : violations / looks,
            estimate: estimates[area.index]!,
            value: area.value,
            z: area.z,
            p: area.p,
            pAdjusted: area.pAdjusted,
            class: area.class,
          };
        }),
        found: withPositions(localFinding(analysis, unit, measure, statistic), positions),
      }),
    );
  };

/** Inspections as the unit needs them: by commune, or by where they were made. */
async function readLooks(transaction: Transaction, unit: 'commune' | 'cell', selection: InspectionSelection) {
  if (unit === 'commune') {
    const { codes, violations, simulated } = await readInspections(transaction, selection);
    const inspections = { codes, violations, longitudes: [], latitudes: [] };
    return { inspections, simulated, positions: 'commune' as EventPositions };
  }
  const places = await readInspectionPlaces(transaction, selection);
  const inspections = { ...inspectionsAt(places), codes: [] };
  return { inspections, simulated: places.simulated, positions: positionsOf(places) };
}

export const prepareScan =
  (clock: Clock): Prepare<typeof scanEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const { model, maximumShare, timeUnit, replications, seed } = query;
    const timed = model.startsWith('space-time');
    const selection = await readSelection(
      transaction,
      clock,
      query,
      query.stream ?? (query.model === 'bernoulli' ? 'routine' : 'all'),
    );
    const communes = await readMap(transaction);
    const { codes, days, violations, simulated } = await readInspections(transaction, selection);
    const actives = new Map(
      (await readActiveEstablishments(transaction, selection)).map(({ code, active }) => [code, active]),
    );
    const slices = slicesOf(selection.from, selection.to, timeUnit);
    if (timed && slices.length < 2) {
      throw new ProblemError(400, 'A value of the request is wrong', {
        where: 'query timeUnit',
        detail: `the period holds a single ${timeUnit}: a cluster in time needs at least two`,
        remedy: 'Give a longer period, or timeUnit=week.',
      });
    }
    const nameOf = (row: number) => communes[row]!.name;
    return analyse<typeof scanEndpoint, 'scan'>(
      'scan',
      {
        communes: communes.map(({ code, longitude, latitude }) => ({ code, longitude, latitude })),
        active: communes.map(({ code }) => actives.get(code) ?? 0),
        to: selection.to,
        ...{ codes, days, violations, slices, model, maximumShare, replications, seed },
      },
      (answer) => ({
        ...headOf(selection, dataVersion, communes, simulated),
        method: {
          statistic: 'scan',
          ...{ model, maximumShare, replications, seed },
          stream: selection.stream,
          timeUnit: timed ? timeUnit : null,
          crs: 'EPSG:4326, distances along the sphere',
        },
        n: answer.n,
        cases: answer.result.totalCases,
        clusters: answer.result.clusters.map((cluster) => ({
          codes: cluster.rows.map((row) => communes[row]!.code),
          names: cluster.rows.map(nameOf),
          centre: [communes[cluster.centreRow]!.longitude, communes[cluster.centreRow]!.latitude],
          radiusMeters: cluster.radius,
          from: cluster.intervals && slices[cluster.intervals[0]]!,
          to: cluster.intervals && lastDay(slices, cluster.intervals[1], selection.to),
          observed: cluster.observed,
          expected: cluster.expected,
          relativeRisk: cluster.relativeRisk,
          logLikelihoodRatio: cluster.logLikelihoodRatio,
          p: cluster.p ?? 1,
          pGumbel: cluster.pGumbel,
        })),
        found: scanFinding(answer, nameOf, model === 'bernoulli'),
      }),
    );
  };

export const prepareTrend =
  (clock: Clock): Prepare<typeof trendEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const { measure, slice } = query;
    const asked = await readSelection(
      transaction,
      clock,
      query,
      query.stream ?? (query.measure === 'rate' ? 'routine' : 'all'),
    );
    const slices = wholeSlices(asked.from, asked.to, slice);
    const [first] = slices;
    // Slices that the period cuts would compare a month with a quarter.
    const selection = first ? { ...asked, from: first, to: lastWholeDay(slices, slice, asked.to) } : asked;
    const communes = await readMap(transaction);
    const { codes, days, violations, simulated } = await readInspections(transaction, selection);
    return analyse<typeof trendEndpoint, 'trend'>(
      'trend',
      { communes, codes, days, violations, slices, measure },
      (answer) => ({
        ...headOf(selection, dataVersion, communes, simulated),
        method: {
          statistic: 'emerging hot spots',
          measure,
          stream: selection.stream,
          slice,
          weights: 'queen',
          falseDiscoveryRate: 0.05,
        },
        slices,
        n: answer.n,
        notTestable: answer.notTestable.map(({ code, name, reason }) => ({ id: code, name, reason })),
        warnings:
          slices.length < 10
            ? [
                `${slices.length} slices: the test for a trend has little power below 10; the class rests on the slices alone.`,
              ]
            : [],
        areas: answer.areas.map(({ code, name, z, significant, slices: tested, trend, class: emerging }) => {
          const [pattern, side] = emerging.split(' ');
          const none = emerging === 'no pattern detected';
          return {
            id: code,
            name,
            side: none ? null : side === 'hotspot' ? ('hot' as const) : ('cold' as const),
            pattern: none ? null : (pattern as 'new'),
            tau: trend.tau,
            p: trend.p,
            z: slices.map((_, slice) => z[tested.indexOf(slice)] ?? null),
            significant: slices.map((_, slice) => significant[tested.indexOf(slice)] ?? false),
          };
        }),
        found: trendFinding(answer, slices.length, measure),
      }),
    );
  };

/** What the outlines rest on counts too: an answer without a single event still stands on them. */
const headOf = (
  { from, to, category }: InspectionSelection,
  dataVersion: number,
  communes: readonly MappedCommune[],
  eventsSimulated: boolean,
) => ({
  dataVersion,
  simulated: eventsSimulated || communes.some(({ simulated }) => simulated),
  from,
  to,
  category,
});

const gridValues = ({ values, step, ...grid }: DensityGrid & { values: Float64Array }) => ({
  ...grid,
  stepMeters: step,
  values: Array.from(values, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(6)))),
});

const lastDay = (slices: readonly string[], slice: number, to: string) =>
  slices[slice + 1] ? addDays(slices[slice + 1]!, -1) : to;

/** The last day of the last whole slice. */
function lastWholeDay(slices: readonly string[], unit: 'month' | 'quarter', to: string): string {
  const after = slicesOf(slices[0]!, to, unit)[slices.length];
  return after ? addDays(after, -1) : to;
}
