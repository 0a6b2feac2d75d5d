import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { type ImportReport, importFile } from './import-file.ts';

// Boundaries whose licence is unknown: they lie beside the project, never in it. Without them vitest.config.ts leaves this file out.
const shared = (name: string) => fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
const communes = shared('ninh_binh_communes_2025.geojson');
const neighbours = shared('neighbour_provinces_2025.geojson');

describe('the real communes of Ninh Bình', () => {
  let db: TestDatabase;
  let report: ImportReport;
  beforeAll(async () => {
    db = await openTestDatabase();
    report = await importFile(db, 'communes', communes, { neighbours });
  });
  afterAll(() => db.close());

  it('come in whole, with their quirks', async () => {
    expect(report.written).toEqual({ inserted: 129, updated: 0, unchanged: 0 });
    expect(report.geometry.duplicateVertices).toBe(760);
    expect(report.notes).toEqual([]);
    const { farthest, parts } = await db.read((tx) =>
      tx.row(
        z.object({ farthest: z.number(), parts: z.number() }),
        // area_square_km is the file's area_km2_geom
        sql`select max(abs(ST_Area(geom::geography) / 1e6 / area_square_km - 1)) as farthest,
                   max(ST_NumGeometries(geom)) filter (where name = 'Kim Đông') as parts from communes`,
      ),
    );
    expect(farthest).toBeLessThan(0.005);
    expect(parts).toBe(8);
  });

  it('adjoin the provinces around as the file lists, by outline', async () => {
    expect(report.borderAreas).toEqual([
      { kind: 'adjoining', neighbourProvince: 'Hà Nội', communes: 6 },
      { kind: 'adjoining', neighbourProvince: 'Hưng Yên', communes: 18 },
      { kind: 'adjoining', neighbourProvince: 'Phú Thọ', communes: 11 },
      { kind: 'adjoining', neighbourProvince: 'Thanh Hóa', communes: 9 },
      { kind: 'coastal', neighbourProvince: null, communes: 13 },
    ]);
    const { n } = await db.read((tx) =>
      tx.row(
        z.object({ n: z.number() }),
        sql`select count(*) as n from communes where adjoining_provinces <> '{}'`,
      ),
    );
    expect(n).toBe(41);
  });

  it('have generalised outlines without gap or overlap at every level', async () => {
    const levels = await db.read((tx) =>
      tx.rows(
        z.object({
          zoom: z.number(),
          communes: z.number(),
          overlap: z.number(),
          holes: z.number(),
          invalid: z.number(),
        }),
        sql`
          select max_zoom as zoom, count(*) as communes, abs(sum(ST_Area(geom_mercator)) - ST_Area(ST_Union(geom_mercator))) as overlap,
                 (select coalesce(sum(ST_NumInteriorRings(part.geom)), 0) from ST_Dump(ST_Union(geom_mercator)) as part) as holes,
                 count(*) filter (where not ST_IsValid(geom_mercator)) as invalid
            from commune_outlines group by max_zoom order by 1`,
      ),
    );
    // The union of 2·10⁹ m² is summed in double precision: a thousandth of a square metre is its rounding.
    expect(levels.map(({ zoom, communes: count, holes, invalid }) => [zoom, count, holes, invalid])).toEqual(
      [6, 8, 10, 12].map((zoom) => [zoom, 129, 0, 0]),
    );
    for (const { overlap } of levels) expect(overlap).toBeLessThan(1e-3);
  });

  it('change nothing the second time', async () => {
    const again = await importFile(db, 'communes', communes, { neighbours });
    expect(again.written).toEqual({ inserted: 0, updated: 0, unchanged: 129 });
    expect(again.dataVersion).toBe(report.dataVersion);
  });
});
