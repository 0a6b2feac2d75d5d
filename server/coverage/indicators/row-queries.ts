import { z } from 'zod';
import { type IndicatorId, indicatorRow } from '../../../contract/coverage-indicators.ts';
import type { Transaction } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';

const row = indicatorRow.omit({ note: true }).extend({
  place: z.object({ collection: z.string(), reference: z.string(), name: z.string() }).nullable(),
  /** Why it adds nothing, or less than its amount; a key of `rowNotes`. */
  note: z.string().nullable(),
});
export type CountedRow = z.infer<typeof row>;

const year = (day: Sql, asked: number) =>
  sql`${day} between make_date(${asked}::int, 1, 1) and make_date(${asked}::int, 12, 31)`;

const sessionPlace = sql`
  case
    when s.establishment_id is not null then (
      select jsonb_build_object('collection', 'establishments', 'reference', e.license_number, 'name', k.name_vi)
        from establishments e join establishment_categories k on k.code = e.category where e.id = s.establishment_id)
    when s.industrial_park_id is not null then (
      select jsonb_build_object('collection', 'industrial-parks', 'reference', p.reference, 'name', p.name)
        from industrial_parks p where p.id = s.industrial_park_id)
    when s.school_id is not null then (
      select jsonb_build_object('collection', 'schools', 'reference', p.reference, 'name', p.name)
        from schools p where p.id = s.school_id)
    when s.dormitory_id is not null then (
      select jsonb_build_object('collection', 'dormitories', 'reference', p.reference, 'name', p.name)
        from dormitories p where p.id = s.dormitory_id)
  end`;

/** Each indicator's activities of a year, with what each adds: columns of `row`, but for the place, which comes by `place`. */
function countedRows({ indicator, year: asked, asOf, commune }: Omit<RowsAsked, 'after' | 'limit'>): {
  rows: Sql;
  place: Sql;
} {
  // Of people, as the database lets them out: without counts of 1–4.
  const people = sql`
    select * from shown_people_rows(${indicator}, ${asked}::int, ${asOf}::date, ${commune ?? null}::text)`;
  switch (indicator) {
    case 'establishment-workers-reached':
    case 'industrial-workers-reached':
    case 'students-reached':
      return {
        place: sql`(select ${sessionPlace} from outreach_sessions s where s.id = r.id)`,
        rows: people,
      };
    case 'communes-with-outreach':
      return {
        place: sql`(select ${sessionPlace} from outreach_sessions s where s.id = r.id)`,
        // A commune counts by its quarters, not by a session: the first of each quarter keeps the quarter.
        rows: sql`
          select 'outreach' as activity, s.id, s.reference, s.held_on as day, s.commune_code, s.attendance as amount,
                 0 as adds, null::bigint as adds_to_upper,
                 case when row_number() over (partition by s.commune_code, extract(quarter from s.held_on) order by s.held_on, s.id) = 1
                      then 'keeps-quarter' else 'quarter-kept-already' end as note
            from shown_outreach_session_records s
           where s.withdrawn_at is null and ${year(sql`s.held_on`, asked)}`,
      };
    case 'press-items':
      return {
        place: sql`null::jsonb`,
        rows: sql`
          select 'press-items' as activity, p.id, p.reference, p.published_on as day, p.commune_code, 1 as amount,
                 1 as adds, null::bigint as adds_to_upper, p.outlet_level as note
            from press_items p
           where ${year(sql`p.published_on`, asked)}`,
      };
    case 'communes-with-plan':
    case 'communes-integrated':
      return {
        place: sql`null::jsonb`,
        rows: sql`
          select 'commune-plans' as activity, p.id, p.commune_code || '/' || p.year as reference,
                 greatest(p.issued_on, y.starts_on) as day, p.commune_code, 1 as amount,
                 ${
                   indicator === 'communes-with-plan'
                     ? sql`1`
                     : sql`(p.integrated_with @> array['socio-economic', 'social-security', 'drug-control', 'hiv-aids'])::int`
                 } as adds, null::bigint as adds_to_upper,
                 case when p.integrated_with @> array['socio-economic', 'social-security', 'drug-control', 'hiv-aids'] then null
                      when p.integrated_with = '{}' then 'integrated-with-none' else 'integrated-in-part' end as note
            from commune_plans p join plan_years y on y.year = p.year
           where p.year = ${asked}`,
      };
    case 'reports-resolved':
      return {
        place: sql`null::jsonb`,
        rows: sql`
          select 'reports' as activity, p.id, p.reference, p.due_on as day, p.commune_code, 1 as amount,
                 coalesce(p.resolved_on <= p.due_on, false)::int as adds, null::bigint as adds_to_upper,
                 case when p.resolved_on <= p.due_on then null when p.resolved_on is null then 'not-resolved' else 'resolved-late' end as note
            from reports p
           where ${year(sql`p.due_on`, asked)}`,
      };
    case 'establishments-inspected':
      return {
        place: sql`(
          select jsonb_build_object('collection', 'establishments', 'reference', e.license_number, 'name', k.name_vi)
            from inspections i join establishments e on e.id = i.establishment_id
            join establishment_categories k on k.code = e.category where i.id = r.id)`,
        rows: sql`
          select 'inspections' as activity, i.id, i.reference, c.day, c.commune_code, 1 as amount, c.adds, null::bigint as adds_to_upper,
                 case when c.adds = 0 then 'inspected-before' end as note
            from counted_inspections c
            join inspections i on i.id = c.inspection_id
           where c.year = ${asked}
          union all
          select 'inspections', i.id, i.reference, i.inspected_on, e.commune_code, 1, 0, null, 'place-not-counted'
            from inspections i
            join establishments e on e.id = i.establishment_id
            join plan_years y on y.year = ${asked}
           where i.inspected_on between y.starts_on and y.ends_on
             and (e.active_from > y.ends_on or e.active_to < y.starts_on)`,
      };
    case 'officers-trained':
      return {
        place: sql`(select jsonb_build_object('collection', 'units', 'reference', t.unit, 'name', t.unit) from trainings t where t.id = r.id)`,
        rows: people,
      };
  }
}

export type RowsAsked = {
  indicator: IndicatorId;
  year: number;
  asOf: string;
  commune?: string | undefined;
  /** The last row of the page before. */
  after?: { day: string; id: number } | undefined;
  limit: number;
};

/** The activities that an indicator counts, newest first: one more than `limit` where there is another page. */
export function readIndicatorRows(transaction: Transaction, asked: RowsAsked): Promise<CountedRow[]> {
  const { rows, place } = countedRows(asked);
  const { after } = asked;
  return transaction.rows(
    row,
    sql`
      with r as (
        select * from (${rows}) counted
         where ${within(asked)} ${after ? sql`and (day, id) < (${after.day}::date, ${after.id}::bigint)` : sql.empty}
         order by day desc, id desc
         limit ${asked.limit + 1}
      )
      select activity, id, reference, day, commune_code as "communeCode", ${place} as place, amount, adds,
             adds_to_upper as "addsToUpper", note
        from r
       order by day desc, id desc`,
  );
}

const totals = z.object({
  matched: z.number().int(),
  adds: z.number().int(),
  addsToUpper: z.number().int().nullable(),
  isLarge: z.boolean(),
});
const countsPeople = new Set<IndicatorId>([
  'establishment-workers-reached',
  'industrial-workers-reached',
  'students-reached',
  'officers-trained',
]);

/** How many activities there are, and what they add in all; `isLarge`: one adds five or more. */
export const readRowTotals = (transaction: Transaction, asked: Omit<RowsAsked, 'after' | 'limit'>) =>
  transaction.row(
    totals,
    sql`
      select count(*) as matched, coalesce(sum(${adds(asked)}), 0)::bigint as adds, sum(${adds(asked, true)})::bigint as "addsToUpper",
             coalesce(bool_or(${adds(asked)} >= 5), false) as "isLarge"
        from (${countedRows(asked).rows}) counted
       where ${within(asked)}`,
  );

/** Of people, what the rows add with their counts of 1–4 masked: the sum that the figure is. */
const adds = ({ indicator }: Pick<RowsAsked, 'indicator'>, toUpper = false): Sql =>
  countsPeople.has(indicator)
    ? toUpper
      ? sql`masked_adds_to_upper`
      : sql`masked_adds`
    : toUpper
      ? sql`adds_to_upper`
      : sql`adds`;

const within = ({ asOf, commune }: { asOf: string; commune?: string | undefined }) =>
  sql`day <= ${asOf}::date ${commune ? sql`and commune_code = ${commune}` : sql.empty}`;

/** The session with which each commune that is kept up completed the last quarter asked of it: what makes it count. */
export const readDecidingSessions = async (
  transaction: Transaction,
  { year: asked, asOf, commune }: { year: number; asOf: string; commune?: string | undefined },
): Promise<Set<number>> =>
  new Set(
    (
      await transaction.rows(
        z.object({ id: z.number().int() }),
        sql`
          with kept as (
            select distinct on (commune_code) commune_code, numerator
              from communes_with_outreach
             where year = ${asked} and day <= ${asOf}::date ${commune ? sql`and commune_code = ${commune}` : sql.empty}
             order by commune_code, day desc
          ), deciding as (
            select k.commune_code, coalesce(max(q.first_held_on) filter (where q.ends_on <= ${asOf}::date), min(q.first_held_on)) as held_on
              from kept k join commune_quarters q on q.commune_code = k.commune_code and q.year = ${asked}
             where k.numerator = 1
             group by 1
          )
          select (select min(s.id) from outreach_sessions s where s.commune_code = d.commune_code and s.held_on = d.held_on) as id
            from deciding d where d.held_on <= ${asOf}::date`,
      )
    ).map(({ id }) => id),
  );
