import {
  gapsEndpoint,
  nearMissesEndpoint,
  type reachAudiences,
  reachEndpoint,
  reachPopulations,
} from '../../../contract/coverage-reach.ts';
import type { Endpoint } from '../../../contract/endpoint.ts';
import { type Asker, askerOf } from '../../access/asker.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { gridForWindow, layWindowOverGrid } from '../../hotspots/density/density-window.ts';
import { provincePlane } from '../../hotspots/province-plane.ts';
import { ProblemError } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { versioned } from '../../http/versioned.ts';
import { indicatorPeriod } from '../indicators/answer.ts';
import { assemblePlaces, assembleSessions } from './assemble.ts';
import { gapsFinding, nearMissFinding, reachFinding, withSessionsOf } from './findings.ts';
import { findGaps, gapMarginMeters, gapWidestMeters } from './gaps.ts';
import { nearMisses } from './near-misses.ts';
import { firstDayOfWindow, wholeQuarters } from './quarters.ts';
import {
  readClippingOutlines,
  readOutreachForms,
  readPlaceAreas,
  readPlacesInBorderAreas,
  readReachCommunes,
  readReachPlaces,
  readReachSessions,
  readSessionsByCommune,
  readSessionsByQuarter,
} from './queries.ts';
import { reachFigures } from './reach-figures.ts';
import { groupsOfAreas, groupsOfCommunes } from './reach-groups.ts';
import { placesWithinReach } from './within-reach.ts';

/** How near to a park or a dormitory is "near", for `by=area`. */
const nearMeters = 500;
/** The gaps' lattice: 100 m, more where the province would have over 4 million cells; a margin has at least three of them. */
const latticeMeters = 100;
const mostCells = 1 << 22;

// Gaps of a hundred thousand places are a megabyte.
const keptAnswers = 24;

type Parts = { db: Database; clock: () => Date; checkResponses: boolean };

export function coverageReachRoutes({ db, clock, checkResponses }: Parts): Route[] {
  const bind = <E extends Endpoint>(endpoint: E, work: Work<E>) =>
    route(endpoint, versioned(db, clock, work, { kept: keptAnswers }), { checkResponses });
  return [
    bind(reachEndpoint, reachAnswer(clock)),
    bind(gapsEndpoint, gapsAnswer(clock)),
    bind(nearMissesEndpoint, nearMissesAnswer(clock)),
  ];
}

type Work<E extends Endpoint> = Parameters<typeof versioned<E>>[2];

export const reachAnswer =
  (clock: () => Date): Work<typeof reachEndpoint> =>
  async ({ query, request }, transaction, dataVersion) => {
    const window = await readWindow(transaction, clock, query, askerOf(request));
    const { asOf, from, quarters } = window;
    const { places, positions, sessions, communes, simulated } = await readReach(
      transaction,
      window,
      query.audience,
    );
    const sessionsByCommune = await readSessionsByCommune(transaction, from, asOf);
    const grouping =
      query.by === 'area'
        ? groupsOfAreas(places, positions, await readPlacesInBorderAreas(transaction), nearMeters)
        : groupsOfCommunes(communes, places, query.by);
    const reached = placesWithinReach(places, sessions, 'repeated', quarters.length);
    const { total, groups } = reachFigures(
      places,
      reached,
      grouping.ofPlace,
      grouping.groups.length,
      quarters.length,
    );

    const held = grouping.groups.map(() => ({ atPlaces: 0, communeWide: 0 }));
    const position = new Map(communes.map(({ code }, index) => [code, index]));
    if (grouping.ofCommune) {
      for (const { code, atPlaces, communeWide } of sessionsByCommune) {
        for (const group of grouping.ofCommune(position.get(code)!)) {
          held[group]!.atPlaces += atPlaces;
          held[group]!.communeWide += communeWide;
        }
      }
    } else {
      sessions.places.forEach((place, at) => {
        for (const group of grouping.ofPlace(place)) held[group]!.atPlaces += sessions.counts[at]!;
      });
    }
    return {
      dataVersion,
      simulated: simulated || sessionsByCommune.some((commune) => commune.simulated),
      asOf,
      by: query.by,
      method: { ...window.method, audience: query.audience, nearMeters },
      found: withSessionsOf(reachFinding(total, { from, asOf }), window.method.sessionsOf),
      total: {
        populations: total,
        sessionsAtPlaces: sessionsByCommune.reduce((sum, { atPlaces }) => sum + atPlaces, 0),
        sessionsCommuneWide: sessionsByCommune.reduce((sum, { communeWide }) => sum + communeWide, 0),
      },
      groups: grouping.groups.map((group, index) => ({
        ...group,
        populations: groups[index]!,
        sessionsAtPlaces: held[index]!.atPlaces,
        sessionsCommuneWide: grouping.ofCommune ? held[index]!.communeWide : null,
      })),
    };
  };

export const gapsAnswer =
  (clock: () => Date): Work<typeof gapsEndpoint> =>
  async ({ query, request }, transaction, dataVersion) => {
    const window = await readWindow(transaction, clock, query, askerOf(request));
    const { asOf, from } = window;
    const { places, sessions, communes, simulated } = await readReach(transaction, window, query.audience);
    const outlines = await readClippingOutlines(transaction);
    if (outlines.length === 0) {
      throw new ProblemError(409, 'There is no map yet', {
        remedy: 'Import the communes first: diaban import communes FILE.',
      });
    }
    const { projection, window: outline } = provincePlane(outlines);
    const extent = (outline.xMax - outline.xMin) * (outline.yMax - outline.yMin);
    const step = Math.max(latticeMeters, Math.ceil(Math.sqrt(extent / mostCells)));
    const marginMeters = Math.max(gapMarginMeters, 3 * step);
    const grid = gridForWindow(outline, { step });
    const population = query.population ?? null;
    const gaps = findGaps({
      places,
      sessions,
      reached: placesWithinReach(places, sessions, 'reached', 0),
      communes,
      projection,
      grid,
      province: layWindowOverGrid(outline, grid).mask,
      population,
      minPeople: query.minPeople,
      limit: query.limit,
      marginMeters,
      widestMeters: gapWidestMeters,
    });
    return {
      type: 'FeatureCollection',
      dataVersion,
      simulated,
      asOf,
      population,
      minPeople: query.minPeople,
      method: {
        ...window.method,
        audience: query.audience,
        marginMeters,
        widestMeters: gapWidestMeters,
        latticeMeters: step,
        crs: projection.crs,
      },
      found: withSessionsOf(gapsFinding({ ...gaps, population }, { from, asOf }), window.method.sessionsOf),
      ...gaps,
    };
  };

export const nearMissesAnswer =
  (clock: () => Date): Work<typeof nearMissesEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
    const { year, asOf } = await indicatorPeriod(transaction, { ...query, now: clock() });
    const rows = await readSessionsByQuarter(transaction, year, asOf);
    const misses = nearMisses(
      rows.map(({ simulated: _, ...commune }) => commune),
      year,
      asOf,
    );
    const answer = { year, asOf, ...misses };
    return {
      dataVersion,
      simulated: rows.some(({ simulated }) => simulated),
      found: nearMissFinding(answer),
      ...answer,
    };
  };

type Asked = { asOf?: string | undefined; months: number; radius?: number | undefined };
type Window = Awaited<ReturnType<typeof readWindow>>;

async function readWindow(
  transaction: Transaction,
  clock: () => Date,
  asked: Asked,
  asker: Pick<Asker, 'role'>,
) {
  const { asOf } = await indicatorPeriod(transaction, { asOf: asked.asOf, now: clock() });
  const from = firstDayOfWindow(asOf, asked.months);
  const quarters = wholeQuarters(from, asOf);
  const radiusMeters = asked.radius ?? null;
  const forms = await readOutreachForms(transaction);
  return {
    asOf,
    from,
    quarters,
    radiusMeters,
    method: {
      distance: 'geodesic on WGS 84' as const,
      radii: forms.map(({ form, vi, en, radiusMeters: own }) => ({
        form,
        name: { vi, en },
        radiusMeters: own === null ? null : (radiusMeters ?? own),
      })),
      radius: radiusMeters === null ? ('by-form' as const) : ('given' as const),
      sessionsOf: asker.role === 'commune' ? ('own-commune' as const) : ('province' as const),
      months: asked.months,
      from,
      quarters: quarters.map(({ name }) => name),
    },
  };
}

async function readReach(
  transaction: Transaction,
  window: Window,
  audience: (typeof reachAudiences)[number],
) {
  const communes = await readReachCommunes(transaction);
  const columns = [];
  for (const population of reachPopulations)
    columns.push(await readReachPlaces(transaction, population, window.asOf));
  const { places, positions } = assemblePlaces(columns, await readPlaceAreas(transaction), audience);
  const held = await readReachSessions(transaction, window);
  return {
    communes,
    places,
    positions,
    sessions: assembleSessions(held, positions),
    simulated:
      held.simulated ||
      columns.some(({ simulated }) => simulated) ||
      communes.some(({ simulated }) => simulated),
  };
}
