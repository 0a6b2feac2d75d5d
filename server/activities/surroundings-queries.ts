import { z } from 'zod';
import {
  type ActivityKind,
  type ActivityRecord,
  activityPlaceCollections,
} from '../../contract/activities.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { hexWkb } from '../places/well-known-binary.ts';
import { cellOutlines } from './report-cell.ts';
import type { KnownCommune, KnownPlace, PlaceReference, Surroundings } from './rules.ts';

type Cell = { h3Cell: string; communeCode: string };

/** What records name, so that it can be looked up at once for many of them. */
export type Named = {
  communes: readonly string[];
  places: readonly PlaceReference[];
  cells: readonly Cell[];
};

export function namedBy<Kind extends ActivityKind>(
  kind: Kind,
  records: readonly ActivityRecord<Kind>[],
): Named {
  const named = { communes: [] as string[], places: [] as PlaceReference[], cells: [] as Cell[] };
  for (const record of records as readonly Partial<
    ActivityRecord<'outreach'> & ActivityRecord<'inspections'> & ActivityRecord<'reports'>
  >[]) {
    if (record.communeCode) named.communes.push(record.communeCode);
    if (kind === 'inspections')
      named.places.push({ collection: 'establishments', reference: record.licenseNumber! });
    if (record.place) named.places.push(record.place);
    if (kind === 'reports') named.cells.push({ h3Cell: record.h3Cell!, communeCode: record.communeCode! });
  }
  return named;
}

/** What the rules need to know of the database about all that these records name. */
export async function readSurroundings(
  transaction: Transaction,
  named: Named,
  today: string | null,
): Promise<Surroundings> {
  const places = await resolvePlaces(transaction, named.places);
  const communes = await readCommunesNamed(transaction, [
    ...named.communes,
    ...[...places.values()].map(({ communeCode }) => communeCode),
  ]);
  const atCommune = await readCellsAtCommunes(transaction, named.cells);
  return {
    today,
    commune: (code) => communes.get(code),
    place: (place) => places.get(placeKey(place)),
    cellIsAt: (h3Cell, communeCode) => atCommune.has(`${h3Cell} ${communeCode}`),
    reportsKeptFrom: named.cells.length ? await readReportsKeptFrom(transaction) : null,
  };
}

/** The first day of which reports are kept as rows and not as counts; null before any went. */
const readReportsKeptFrom = async (transaction: Transaction): Promise<string | null> =>
  (
    await transaction.row(z.object({ day: z.string().nullable() }), sql`select reports_kept_from() as day`, {
      name: 'reports-kept-from',
    })
  ).day;

async function readCommunesNamed(
  transaction: Transaction,
  codes: readonly string[],
): Promise<Map<string, KnownCommune>> {
  if (!codes.length) return new Map();
  const rows = await transaction.rows(
    z.object({ code: z.string(), name: z.string(), simulated: z.boolean() }),
    sql`select code, type || ' ' || name as name, simulated
          from communes where code = any(${[...new Set(codes)]}::text[])`,
    { name: 'communes-named' },
  );
  return new Map(rows.map(({ code, ...commune }) => [code, commune]));
}

const nothing = sql`null::date`;
/** Null for 1–4 people, which are told of no place. */
export const toldPeople = (column: string, of = ''): Sql => {
  const masked = sql.identifier(`${of}${column}`);
  return sql`case when ${masked} not between 1 and 4 then ${masked} end`;
};
const placeColumns: Record<
  PlaceReference['collection'],
  { table: Sql; reference: Sql; people: Sql; activeFrom: Sql; activeTo: Sql }
> = {
  'industrial-parks': {
    table: sql`industrial_parks`,
    reference: sql`reference`,
    people: toldPeople('masked_workers'),
    activeFrom: nothing,
    activeTo: nothing,
  },
  dormitories: {
    table: sql`dormitories`,
    reference: sql`reference`,
    people: toldPeople('masked_residents'),
    activeFrom: nothing,
    activeTo: nothing,
  },
  schools: {
    table: sql`schools`,
    reference: sql`reference`,
    people: toldPeople('masked_students'),
    activeFrom: nothing,
    activeTo: nothing,
  },
  establishments: {
    table: sql`establishments`,
    reference: sql`license_number`,
    // often 1–4, and told of no single establishment
    people: sql`null::integer`,
    activeFrom: sql`active_from`,
    activeTo: sql`active_to`,
  },
};
export const placeKey = ({ collection, reference }: PlaceReference) => `${collection} ${reference}`;

const placeRow = z.object({
  reference: z.string(),
  id: z.number(),
  communeCode: z.string(),
  people: z.number().nullable(),
  activeFrom: z.string().nullable(),
  activeTo: z.string().nullable(),
  simulated: z.boolean(),
});

/** Places by what their sources call them; what is not in the database is not in the answer. */
export async function resolvePlaces(
  transaction: Transaction,
  places: readonly PlaceReference[],
): Promise<Map<string, KnownPlace>> {
  const found = new Map<string, KnownPlace>();
  for (const collection of activityPlaceCollections) {
    const references = [
      ...new Set(places.filter((place) => place.collection === collection).map((place) => place.reference)),
    ];
    if (!references.length) continue;
    const { table, reference, people, activeFrom, activeTo } = placeColumns[collection];
    const rows = await transaction.rows(
      placeRow,
      sql`select ${reference} as reference, id, commune_code as "communeCode", ${people} as people,
                 ${activeFrom} as "activeFrom", ${activeTo} as "activeTo", simulated
            from ${table} where ${reference} = any(${references}::text[])`,
    );
    for (const { reference: named, ...place } of rows)
      found.set(placeKey({ collection, reference: named }), place);
  }
  return found;
}

/** About 500 m: positions a little outside all communes are taken as the nearest one's. */
const cellTouchDegrees = 0.005;

/** Which cells touch the commune that is named with them, as `cell commune`. */
async function readCellsAtCommunes(transaction: Transaction, cells: readonly Cell[]): Promise<Set<string>> {
  if (!cells.length) return new Set();
  const pairs = [...new Map(cells.map((pair) => [`${pair.h3Cell} ${pair.communeCode}`, pair])).values()];
  const outlines = await cellOutlines([...new Set(pairs.map(({ h3Cell }) => h3Cell))]);
  const drawn = pairs.filter(({ h3Cell }) => outlines.get(h3Cell));
  if (!drawn.length) return new Set();
  const rows = await transaction.rows(
    z.object({ pair: z.string() }),
    sql`select cell || ' ' || commune as pair
          from unnest(${drawn.map(({ h3Cell }) => h3Cell)}::text[], ${drawn.map(({ communeCode }) => communeCode)}::text[],
                      ${drawn.map(({ h3Cell }) => hexWkb({ type: 'Polygon', coordinates: [outlines.get(h3Cell)!] }, 4326))}::text[])
               as pairs (cell, commune, outline)
          join communes on communes.code = commune
         where ST_DWithin(communes.geom, outline::geometry, ${cellTouchDegrees})`,
  );
  return new Set(rows.map(({ pair }) => pair));
}
