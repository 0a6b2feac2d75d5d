import type { Position } from 'geojson';
import type { Transaction } from '../db/database.ts';
import {
  type NeighbourProvince,
  readBorderWidth,
  readListedNeighbours,
  readMetricSrid,
  readNeighbourNames,
  readOpenEdges,
  readTouching,
  replaceBorderAreas,
  writeAdjoining,
  writeNeighbours,
} from './border-area-queries.ts';
import { type EdgeLabel, labelOuterEdges } from './border-areas.ts';
import { generaliseCoverage } from './generalise.ts';
import { loadedCommuneLocator, readMercatorOutlines, replaceOutlines } from './outline-queries.ts';
import {
  type AssignedCollection,
  assignedCollections,
  deleteCommunes,
  movePlaces,
  readLeftBehind,
  readPlaces,
  succeed,
} from './reassign-queries.ts';

export const defaultBorderWidthMeters = 1000;
export const defaultReassignMeters = 2000;
const simulatedReachMeters = 20_000;
const pageRows = 20_000;

export type FollowOptions = {
  simulated: boolean;
  /** Outlines of provinces around; without them those in the database serve, or else the communes' listed neighbours. */
  neighbours?: readonly NeighbourProvince[];
  /** The neighbours that the source lists, by commune code. Without it, those in the database count as listed. */
  listed?: ReadonlyMap<string, readonly string[]>;
  /** Default: the width used last, or 1,000 m. */
  borderWidthMeters?: number;
  /** The whole set of the provinces that these codes belong to: other communes of theirs go, when nothing names them. */
  wholeProvince?: readonly string[];
  /** Who takes over the activities of communes that go: former code → present code. */
  successors?: ReadonlyMap<string, string>;
  /** Places that no commune holds any more go to the nearest within this distance. */
  nearestMeters?: number;
};

export type FollowReport = {
  removedCommunes: string[];
  /** Places that changed their commune, by collection. */
  reassigned: Record<AssignedCollection, number>;
  /** Places that lie in no commune and were given to the nearest. */
  nearest: {
    collection: AssignedCollection;
    reference: string;
    communeCode: string;
    distanceMeters: number;
  }[];
  changedOutlines: number;
  weldedVertices: number;
  changedBorderAreas: number;
  borderWidthMeters: number;
  changedNeighbours: number;
  changedAdjoining: number;
  /** Facts that contradict the outlines and were not followed, in words. */
  notes: string[];
};

/** The outlines cannot be followed: what stands in the way, and what to do. Nothing may be committed. */
export class OutlinesRefused extends Error {
  override name = 'OutlinesRefused';
  readonly problems: readonly { what: string; remedy: string }[];
  constructor(problems: readonly { what: string; remedy: string }[]) {
    super(problems.map(({ what, remedy }) => `${what}: ${remedy}`).join('\n'));
    this.problems = problems;
  }
}

/**
 * Brings everything that rests on commune outlines in line with them, within the transaction that wrote them: which
 * commune each place is in, the generalised outlines, what each commune adjoins, and the border areas. Doing it again
 * without a change of the outlines changes no row.
 *
 * @throws {OutlinesRefused} when a commune that is gone still has activities, a place would lie in no commune, or two
 * outlines overlap by more than can be welded.
 */
export async function followCommuneOutlines(
  transaction: Transaction,
  options: FollowOptions,
): Promise<FollowReport> {
  const notes: string[] = [];
  const leaving = options.wholeProvince ? await readLeftBehind(transaction, options.wholeProvince) : [];
  await settleSuccession(transaction, leaving, options.successors ?? new Map());
  const placed = await reassignPlaces(
    transaction,
    leaving.map(({ code }) => code),
    options.nearestMeters ?? defaultReassignMeters,
  );
  if (leaving.length)
    await deleteCommunes(
      transaction,
      leaving.map(({ code }) => code),
    );

  const coverage = generaliseCoverage(await readMercatorOutlines(transaction));
  if (coverage.unresolved.length)
    throw new OutlinesRefused([
      {
        what: `the outlines of ${coverage.unresolved.join(', ')} overlap or cross their neighbours' by more than 2 m`,
        remedy: 'correct them in the source, where each border must be drawn once',
      },
    ]);
  const changedOutlines = await replaceOutlines(transaction, coverage.outlines);

  const changedNeighbours = options.neighbours
    ? await writeNeighbours(transaction, options.neighbours, options)
    : 0;
  const borders = await deriveBorders(transaction, coverage.outerEdges, options, notes);
  return {
    removedCommunes: leaving.map(({ code }) => code),
    ...placed,
    changedOutlines,
    weldedVertices: coverage.weldedVertices,
    changedNeighbours,
    ...borders,
    notes,
  };
}

async function settleSuccession(
  transaction: Transaction,
  leaving: readonly { code: string; name: string; records: number }[],
  successors: ReadonlyMap<string, string>,
): Promise<void> {
  const stuck = leaving.filter(({ code, records }) => records > 0 && !successors.has(code));
  if (stuck.length)
    throw new OutlinesRefused(
      stuck.map(({ code, name, records }) => ({
        what: `the commune ${code} ${name} is not in the file but has ${records} activities`,
        remedy: `say which commune took it over with --successor ${code}=CODE, or keep communes that are not in the file with --partial`,
      })),
    );
  const relevant = new Map([...successors].filter(([former]) => leaving.some(({ code }) => code === former)));
  if (relevant.size) await succeed(transaction, relevant);
}

async function reassignPlaces(transaction: Transaction, leaving: readonly string[], nearestMeters: number) {
  const reassigned = { 'industrial-parks': 0, dormitories: 0, schools: 0, establishments: 0 };
  const nearest: FollowReport['nearest'] = [];
  const lost: { what: string; remedy: string }[] = [];
  const { locator, reach } = loadedCommuneLocator(leaving);
  for (const collection of assignedCollections) {
    for (let afterId = 0; ; ) {
      const page = await readPlaces(transaction, collection, afterId, pageRows);
      if (!page.length) break;
      afterId = page.at(-1)!.id;
      await reach(
        transaction,
        page.map(({ lon, lat }) => [lon, lat]),
      );
      const moves: { id: number; from: string; to: string }[] = [];
      for (const { id, reference, communeCode, simulated, lon, lat } of page) {
        // A simulated place must not stand in the way of real outlines, which its own never were.
        const located = locator.locate(
          lon,
          lat,
          simulated ? Math.max(nearestMeters, simulatedReachMeters) : nearestMeters,
        );
        if (!located) {
          lost.push({
            what: `${collection} ${reference} at ${lon.toFixed(5)}, ${lat.toFixed(5)} would lie in no commune, nor within ${nearestMeters} m of one`,
            remedy: 'correct its position or the outlines',
          });
          continue;
        }
        if (located.distanceMeters > 0) nearest.push({ collection, reference, ...located });
        if (located.communeCode !== communeCode)
          moves.push({ id, from: communeCode, to: located.communeCode });
      }
      await movePlaces(transaction, collection, moves);
      reassigned[collection] += moves.length;
    }
  }
  if (lost.length) throw new OutlinesRefused(lost);
  return { reassigned, nearest };
}

async function deriveBorders(
  transaction: Transaction,
  outerEdges: ReadonlyMap<string, Position[][]>,
  options: FollowOptions,
  notes: string[],
) {
  const srid = await readMetricSrid(transaction);
  const neighbourNames = new Set(await readNeighbourNames(transaction));
  const touching = neighbourNames.size ? await readTouching(transaction, srid) : [];
  const communes = await readListedNeighbours(transaction);

  // An outline that is known outranks the list: it tells both who touches it and who does not.
  const adjoining = new Map<string, string[]>();
  const labels = new Map<string, EdgeLabel[]>();
  for (const { code, adjoiningProvinces, coastal } of communes) {
    const names = options.listed?.get(code) ?? adjoiningProvinces;
    const unknown = names.filter((name) => !neighbourNames.has(name));
    const touched = touching
      .filter(({ communeCode }) => communeCode === code)
      .map(({ neighbourProvince }) => neighbourProvince);
    const contradicted = names.filter((name) => neighbourNames.has(name) && !touched.includes(name));
    if (contradicted.length)
      notes.push(
        `${code} is listed as adjoining ${contradicted.join(', ')}, but its outline does not touch it`,
      );
    adjoining.set(code, [...new Set([...touched, ...unknown])].sort());
    const own: EdgeLabel[] = unknown.map((neighbourProvince) => ({ kind: 'adjoining', neighbourProvince }));
    if (coastal) own.push({ kind: 'coastal' });
    if (own.length) labels.set(code, own);
  }
  const changedAdjoining = await writeAdjoining(transaction, adjoining);

  const outer = [...labels].map(([communeCode, own]) => ({
    communeCode,
    labels: own,
    lines: outerEdges.get(communeCode) ?? [],
  }));
  const edges = labelOuterEdges(await readOpenEdges(transaction, outer, srid));
  for (const [code, own] of labels)
    for (const label of own)
      if (!edges.some((edge) => edge.communeCode === code && edge.label === label))
        notes.push(
          `${code} is listed as ${label.kind === 'coastal' ? 'coastal' : `adjoining ${label.neighbourProvince}`}, but its outline has no outer edge there`,
        );
  const borderWidthMeters =
    options.borderWidthMeters ?? (await readBorderWidth(transaction)) ?? defaultBorderWidthMeters;
  const changedBorderAreas = await replaceBorderAreas(transaction, {
    touching,
    edges,
    widthMeters: borderWidthMeters,
    srid,
  });
  return { changedAdjoining, changedBorderAreas, borderWidthMeters };
}
