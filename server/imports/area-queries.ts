import type { MultiPolygon, Point, Polygon } from 'geojson';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { geometryFromWkb, hexWkb } from '../places/well-known-binary.ts';
import type { AreaShape } from './kinds.ts';
import {
  defaultNearestMeters,
  type Indexed,
  indexed,
  type RecordIssue,
  type RecordNote,
  type WriteSettings,
} from './write-results.ts';

/** Gives every place its commune: where it lies, or the nearest one within reach. */
export async function inCommunes<Item extends { geometry: Point | Polygon | MultiPolygon }>(
  transaction: Transaction,
  items: readonly Indexed<Item>[],
  { locator, nearestMeters = defaultNearestMeters }: WriteSettings,
): Promise<{ good: { item: Item; communeCode: string }[]; issues: RecordIssue[]; notes: RecordNote[] }> {
  const points = await innerPoints(
    transaction,
    items.map(({ item }) => item.geometry),
  );
  await locator.reach(transaction, points);
  const notes: RecordNote[] = [];
  const good: { item: Item; communeCode: string }[] = [];
  const issues: RecordIssue[] = [];
  items.forEach(({ index, item }, at) => {
    const [lon, lat] = points[at]!;
    const located = locator.locator.locate(lon, lat, nearestMeters);
    if (!located) {
      issues.push({
        index,
        field: 'geometry',
        value: `${lon.toFixed(6)}, ${lat.toFixed(6)}`,
        expected: `a position within a commune, or within ${nearestMeters} m of one`,
      });
      return;
    }
    if (located.distanceMeters > 0)
      notes.push({
        index,
        note: `lies outside all communes; taken as ${located.communeCode}, ${Math.ceil(located.distanceMeters)} m away`,
      });
    good.push({ item, communeCode: located.communeCode });
  });
  return { good, issues, notes };
}

/** A point within each geometry. Areas are asked of PostGIS, because a centroid may lie outside its polygon. */
async function innerPoints(
  transaction: Transaction,
  geometries: readonly (Point | Polygon | MultiPolygon)[],
): Promise<[number, number][]> {
  const areaShapes = geometries.flatMap((geometry) =>
    geometry.type === 'Point' ? [] : [hexWkb(geometry, 4326)],
  );
  const inner = areaShapes.length
    ? await transaction.rows(
        z.object({ lon: z.number(), lat: z.number() }),
        sql`select ST_X(point) as lon, ST_Y(point) as lat
              from unnest(${areaShapes}::text[]) with ordinality as shape (geom, position),
                   lateral ST_PointOnSurface(shape.geom::geometry) as point
             order by position`,
      )
    : [];
  let next = 0;
  return geometries.map((geometry) => {
    if (geometry.type === 'Point') return [geometry.coordinates[0]!, geometry.coordinates[1]!];
    const { lon, lat } = inner[next++]!;
    return [lon, lat];
  });
}

const fault = z.object({
  position: z.number(),
  reason: z.string(),
  lon: z.number().nullable(),
  lat: z.number().nullable(),
});

/** Splits records into those whose area is valid and those that cross or touch themselves, with the place of the fault. */
export async function validAreas<Item extends { geometry: Point | Polygon | MultiPolygon }>(
  transaction: Transaction,
  records: readonly Item[],
): Promise<{ good: Indexed<Item>[]; issues: RecordIssue[] }> {
  const faults = await invalidAreas(
    transaction,
    records.map(({ geometry }) => geometry),
  );
  const issues = faults.map(({ index, reason, lon, lat }) => ({
    index,
    field: 'geometry',
    value: lon === null || lat === null ? reason : `${reason} at ${lon.toFixed(6)}, ${lat.toFixed(6)}`,
    expected: 'an outline that does not cross itself: correct it there, or import with --repair',
  }));
  const bad = new Set(faults.map(({ index }) => index));
  return { good: indexed(records).filter(({ index }) => !bad.has(index)), issues };
}

export type AreaFault = { index: number; reason: string; lon: number | null; lat: number | null };

export async function invalidAreas(
  transaction: Transaction,
  geometries: readonly (Point | Polygon | MultiPolygon)[],
): Promise<AreaFault[]> {
  const shapes = geometries.flatMap((geometry, index) =>
    geometry.type === 'Point' ? [] : [{ index, hex: hexWkb(geometry, 4326) }],
  );
  if (!shapes.length) return [];
  const rows = await transaction.rows(
    fault,
    sql`select position, case when ST_IsEmpty(geom) then 'Empty outline' else coalesce((detail).reason, 'Invalid') end as reason,
               ST_X((detail).location) as lon, ST_Y((detail).location) as lat
          from unnest(${shapes.map(({ hex }) => hex)}::text[]) with ordinality as shape (hex, position),
               lateral (select shape.hex::geometry as geom) as made,
               lateral ST_IsValidDetail(geom) as detail
         where not (detail).valid or ST_IsEmpty(geom)
         order by position`,
  );
  return rows.map(({ position, reason, lon, lat }) => ({
    index: shapes[position - 1]!.index,
    reason,
    lon,
    lat,
  }));
}

const repaired = z.object({ wkb: z.instanceof(Buffer), share: z.number() });

/** ST_MakeValid, areas only. `changedShare` is the share of the area (of the drawn rings, by their sum) that it changed. */
export async function repairArea(
  transaction: Transaction,
  geometry: AreaShape,
): Promise<{ geometry: AreaShape; changedShare: number } | null> {
  const row = await transaction.row(
    repaired,
    sql`select ST_AsBinary(mended) as wkb,
               case when ST_Area(mended) = 0 then 1
                    else abs(ST_Area(mended) - abs(ST_Area(broken))) / greatest(ST_Area(mended), abs(ST_Area(broken))) end as share
          from (select ${hexWkb(geometry, 4326)}::geometry as broken) as input,
               lateral (select ST_CollectionExtract(ST_MakeValid(broken), 3) as mended) as output`,
  );
  const mended = geometryFromWkb(row.wkb);
  if (!mended || (mended.type !== 'Polygon' && mended.type !== 'MultiPolygon') || !mended.coordinates.length)
    return null;
  return { geometry: mended, changedShare: row.share };
}
