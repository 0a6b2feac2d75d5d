import type { Request } from 'express';
import type { Activity, ActivityPlace } from '../../contract/activity-endpoints.ts';
import type { indicatorRowsEndpoint } from '../../contract/coverage-indicators.ts';
import type { neverInspectedEndpoint } from '../../contract/coverage-inspections.ts';
import type { gapsEndpoint } from '../../contract/coverage-reach.ts';
import type { EndpointResponse } from '../../contract/endpoint.ts';
import { askerOf } from '../access/asker.ts';

type Count = (body: never) => number;

const everyRow = <Row>(rows: readonly Row[], names: (row: Row) => boolean): number =>
  rows.reduce((sum, row) => sum + Number(names(row)), 0);

type Named = { record: Activity<'outreach'>['record'] | Activity<'inspections'>['record'] };
/** An inspection is always of an establishment; an outreach session may be for one. */
const ofEstablishment = ({ record }: Named): boolean =>
  'licenseNumber' in record || record.place?.collection === 'establishments';

const ofKind = (kind: 'outreach' | 'inspections'): Record<string, Count> => {
  const path = `/api/activities/${kind}`;
  const one: Count = (answer: Named) => Number(ofEstablishment(answer));
  return {
    [`GET ${path}`]: ({ items }: { items: readonly Named[] }) => everyRow(items, ofEstablishment),
    [`GET ${path}/:id`]: one,
    [`GET ${path}/:id/history`]: ({ versions }: { versions: readonly Named[] }) =>
      everyRow(versions, ofEstablishment),
    [`POST ${path}`]: one,
    [`PUT ${path}/:id`]: one,
    [`POST ${path}/:id/withdrawal`]: one,
  };
};

type Rows = EndpointResponse<typeof indicatorRowsEndpoint>;
type Never = EndpointResponse<typeof neverInspectedEndpoint>;
type Gaps = EndpointResponse<typeof gapsEndpoint>;

/**
 * How many rows of an answer are about one establishment, by endpoint: what the log says left the server. A test holds it to
 * the lines of the access policy that name premises.
 */
export const premisesCounts: Readonly<Record<string, Count>> = {
  'GET /api/coverage/indicators/:indicator/rows': ({ rows }: Rows) =>
    everyRow(
      rows,
      ({ activity, place }) => activity === 'inspections' || place?.collection === 'establishments',
    ),
  'GET /api/coverage/inspections/never': ({ establishments }: Never) => establishments.length,
  // Counts by commune, though they are counted from where each place lies.
  'GET /api/coverage/reach': () => 0,
  // A gap around one place alone says where it is.
  'GET /api/coverage/gaps': ({ features }: Gaps) =>
    everyRow(features, ({ properties }) => properties.places === 1),
  'GET /api/coverage/near-misses': () => 0,
  // Surfaces and cells, made of where each establishment lies.
  'GET /api/hotspots/density': () => 0,
  'GET /api/hotspots/relative-risk': () => 0,
  'GET /api/hotspots/local': () => 0,
  'GET /api/activities/places': ({ places }: { places: readonly ActivityPlace[] }) =>
    everyRow(places, ({ collection }) => collection === 'establishments'),
  ...ofKind('outreach'),
  ...ofKind('inspections'),
};

/**
 * How many rows about premises an answer of the contract holds; 0 of a request that is not for premises.
 *
 * @throws where nobody has said how to count the answers of an endpoint that names premises.
 */
export function premisesIn(request: Request, body: unknown): number {
  const { asked } = askerOf(request);
  if (!asked?.premises) return 0;
  const count = premisesCounts[asked.endpoint];
  if (!count) throw new Error(`server/audit/premises-rows.ts does not say how to count ${asked.endpoint}`);
  return count(body as never);
}
