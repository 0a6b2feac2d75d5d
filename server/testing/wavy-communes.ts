import type { MultiPolygon, Position } from 'geojson';
import type { Database } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { generaliseCoverage } from '../places/generalise.ts';
import { readMercatorOutlines, replaceOutlines } from '../places/outline-queries.ts';

type Wavy = { columns: number; rows: number; sizeDegrees?: number; verticesPerSide?: number };

/**
 * Communes like squares with winding common borders, from 106° E, 20° N: neighbours have each common vertex exactly,
 * corners of four meet in one point, and no border is straight. With their generalised outlines, as after an import.
 */
export async function insertWavyCommunes(db: Database, wavy: Wavy): Promise<void> {
  const { columns, rows, sizeDegrees = 0.06, verticesPerSide = 120 } = wavy;
  // Whole steps along a border, so that both sides compute one and the same vertex.
  const wave = (phase: number, step: number) => {
    const along = step / verticesPerSide;
    const envelope = Math.sin(Math.PI * along);
    return (
      envelope *
      (0.12 * Math.sin(5 * Math.PI * along + phase) + 0.02 * Math.sin(41 * Math.PI * along + 2 * phase))
    );
  };
  const at = (column: number, row: number): Position => [106 + column * sizeDegrees, 20 + row * sizeDegrees];
  const eastward = (column: number, row: number): Position[] =>
    Array.from({ length: verticesPerSide }, (_, step) =>
      at(column + step / verticesPerSide, row + wave(3 * column + 7 * row, step)),
    );
  const northward = (column: number, row: number): Position[] =>
    Array.from({ length: verticesPerSide }, (_, step) =>
      at(column + wave(5 * column + 11 * row, step), row + step / verticesPerSide),
    );
  const reversed = (side: Position[], end: Position) => [end, ...side.slice(1).reverse()];

  const communes = Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const ring = [
      ...eastward(column, row),
      ...northward(column + 1, row),
      ...reversed(eastward(column, row + 1), at(column + 1, row + 1)),
      ...reversed(northward(column, row), at(column, row + 1)),
      at(column, row),
    ];
    const geometry: MultiPolygon = { type: 'MultiPolygon', coordinates: [[ring]] };
    return { code: String(30_000 + index), geometry: JSON.stringify(geometry) };
  });
  await db.write(async (transaction) => {
    await transaction.execute(
      sql`insert into provinces (code, name) values ('36', 'Tỉnh thử') on conflict do nothing`,
    );
    await transaction.execute(sql`
      insert into communes (code, province_code, name, search_key, type, area_square_km, geom)
      select code, '36', 'Xã ' || code, 'xa ' || code, 'xã', 40, geom
        from (select code, ST_SetSRID(ST_GeomFromGeoJSON(geometry), 4326) as geom
                from unnest(${communes.map(({ code }) => code)}::text[], ${communes.map(({ geometry }) => geometry)}::text[])
                  as raw (code, geometry)) as made`);
    const { outlines } = generaliseCoverage(await readMercatorOutlines(transaction));
    await replaceOutlines(transaction, outlines);
  });
}
