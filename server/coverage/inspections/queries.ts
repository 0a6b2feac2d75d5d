import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';

const communeInspectionRow = z.object({
  code: z.string(),
  name: z.string(),
  type: z.string(),
  terrain: z.string().nullable(),
  active: z.number().int(),
  inspected: z.number().int(),
  inspections: z.number().int(),
  simulated: z.boolean(),
});
export type CommuneInspectionRow = z.infer<typeof communeInspectionRow>;

/**
 * For every commune, from the first day to the last (both count): establishments with a licence in force on at least
 * one day, those of them inspected at least once while it was, and the inspections made.
 */
export const readInspectionsByCommune = (transaction: Transaction, from: string, to: string) =>
  transaction.rows(
    communeInspectionRow,
    sql`
      with looked_at as (
        select i.establishment_id, count(*) as inspections
          from inspections i
         where i.inspected_on between ${from}::date and ${to}::date
         group by i.establishment_id
      ), counted as (
        select e.commune_code,
               count(*) as active,
               count(l.establishment_id) as inspected,
               coalesce(sum(l.inspections), 0) as inspections,
               bool_or(e.simulated) as simulated
          from establishments e
          left join looked_at l on l.establishment_id = e.id
         where e.active_from <= ${to}::date and (e.active_to is null or e.active_to >= ${from}::date)
         group by e.commune_code
      )
      select c.code, c.name, c.type, c.terrain,
             coalesce(n.active, 0) as active, coalesce(n.inspected, 0) as inspected, coalesce(n.inspections, 0) as inspections,
             c.simulated or coalesce(n.simulated, false) as simulated
        from communes c
        left join counted n on n.commune_code = c.code
       order by c.code`,
    { name: 'inspections-by-commune' },
  );
