import type { MultiPolygon } from 'geojson';
import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { geometryFromWkb } from '../../places/well-known-binary.ts';
import type { ReportOutline } from './report-data.ts';

const provinceRow = z.object({ code: z.string(), name: z.string() });
const communeRow = z.object({ code: z.string(), name: z.string(), type: z.string() });
export type CommuneRow = z.infer<typeof communeRow>;

/** The provinces that have communes, the one with most of them first. */
export const readProvinces = (transaction: Transaction) =>
  transaction.rows(
    provinceRow,
    sql`select p.code, p.name from provinces p join communes c on c.province_code = p.code
         group by p.code order by count(*) desc, p.code`,
    { name: 'report-provinces' },
  );

export const readReportCommunes = (transaction: Transaction) =>
  transaction.rows(communeRow, sql`select code, name, type from communes order by code`, {
    name: 'report-communes',
  });

/** A line on paper is a fifth of a millimetre wide, 100 m of a province on a page: finer outlines are not seen. */
const toleranceMeters = 100;

const outlineRow = z.object({
  code: z.string(),
  wkb: z.instanceof(Buffer),
  label_x: z.number(),
  label_y: z.number(),
});

/** Outlines in web mercator, of the coarsest generalisation that paper does not show; exact ones where there is none. */
export async function readReportOutlines(transaction: Transaction): Promise<ReportOutline[]> {
  const rows = await transaction.rows(
    outlineRow,
    sql`
      select c.code, ST_AsBinary(coalesce(o.geom_mercator, c.geom_mercator)) as wkb,
             ST_X(ST_Transform(c.label_point, 3857)) as label_x, ST_Y(ST_Transform(c.label_point, 3857)) as label_y
        from communes c
        left join lateral (
          select geom_mercator from commune_outlines
           where commune_code = c.code and tolerance_meters <= ${toleranceMeters}
           order by tolerance_meters desc
           limit 1) o on true
       order by c.code`,
    { name: 'report-outlines' },
  );
  return rows.map(({ code, wkb, label_x, label_y }) => ({
    code,
    polygons: (geometryFromWkb(wkb) as MultiPolygon).coordinates,
    label: [label_x, label_y],
  }));
}
