-- Figures for those who may not see what they are made of. A leader has no right on establishments and inspections, an
-- inspector none on outreach, a commune sees its own rows alone; and whoever may read single premises may do so only in a
-- transaction that writes it down. So what figures rest on is added up here, by functions that run with their owner's
-- rights and return sums: the same ones for every role, so that two people who look at one figure see one number.
--
-- What no function here returns: an establishment's id, its licence number, or anything that tells where one is more
-- closely than a square kilometre (but `inspection_places`, to roles that may read premises, in a transaction that has
-- written it down). Each refuses a commune's account that has no commune set, and gives it its own alone.
--
-- Of outreach and trainings they read the tables: the views show each role what it may see of them, in here too.
--
-- In plpgsql with plans made for the values asked: as SQL functions they are planned once for any value, which takes
-- three times as long where a filter leaves out nearly everything.

-- The commune that figures are narrowed to: the one asked, or none; of a commune's account its own, and no other.
create function commune_in_scope(asked text) returns text language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
begin
  case
    when acting_role() = 'commune' and own_commune() is null then
      raise exception 'the commune of the account is not set' using errcode = 'insufficient_privilege';
    when acting_role() = 'commune' and asked <> own_commune() then
      raise exception 'figures of another commune' using errcode = 'insufficient_privilege';
    when acting_role() = 'commune' then
      return own_commune();
    -- null: the owner
    when coalesce(acting_role(), 'planner') in ('planner', 'inspector', 'leader') then
      return asked;
    else
      raise exception 'figures are not for the role %', acting_role() using errcode = 'insufficient_privilege';
  end case;
end $$;
revoke execute on function commune_in_scope(text) from public;

-- A leader's figures are of all establishments of a commune, or of a category in the whole province: of a category in a
-- commune there is often one, whose file the figures would then be.
create function refuse_narrowing(is_narrow boolean) returns void language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
begin
  if acting_role() = 'leader' and is_narrow then
    raise exception 'figures as narrow as single establishments are not for the role leader' using errcode = 'insufficient_privilege';
  end if;
end $$;
revoke execute on function refuse_narrowing(boolean) from public;

-- ------------------------------------------------------------------------------------------- what everyone is told

-- The last day of simulated activity where every activity of every kind is simulated; null where any is real. Each part is one
-- step down an index on (simulated, day).
create function simulated_until() returns date language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select case
    when not (exists (select from outreach_session_records where withdrawn_at is null and not simulated) or exists (select from inspections where not simulated)
              or exists (select from reports where not simulated) or exists (select from commune_plans where not simulated)
              or exists (select from training_records where withdrawn_at is null and not simulated) or exists (select from press_items where not simulated))
    then greatest((select max(held_on) from outreach_session_records where withdrawn_at is null and simulated), (select max(inspected_on) from inspections where simulated),
                  (select max(received_on) from reports where simulated), (select max(issued_on) from commune_plans where simulated),
                  (select max(held_on) from training_records where withdrawn_at is null and simulated), (select max(published_on) from press_items where simulated))
  end
$$;

-- Whether any row that the figures of the targets rest on is simulated.
create function figures_are_simulated() returns boolean language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from communes where simulated) or exists (select from establishments where simulated)
      or exists (select from industrial_parks where simulated) or exists (select from schools where simulated)
      or exists (select from outreach_session_records where withdrawn_at is null and simulated) or exists (select from inspections where simulated)
      or exists (select from reports where simulated) or exists (select from commune_plans where simulated)
      or exists (select from training_records where withdrawn_at is null and simulated) or exists (select from press_items where simulated)
$$;

-- The first inspection on record in the province.
create function inspections_recorded_from() returns date language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select min(inspected_on) from inspections
$$;

-- The first licence on record in the province, and whether any was in force from the one day to the other.
create function licences_on_record(first_day date, last_day date, out first date, out in_force boolean)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select min(active_from), coalesce(bool_or(active_from <= last_day and (active_to is null or active_to >= first_day)), false)
    from establishments
$$;

-- --------------------------------------------------------------------------------------- coverage of inspections

-- The areas in which each establishment lies that lies in any of the four, as bits: 1 adjoining another province, 2 coastal
-- border, 4 near an industrial park, 8 near a dormitory. For functions here alone: it names establishments by id.
--
-- Distances are along the ellipsoid, from the point of the establishment to the point or outline of the place: 0 within.
-- Those are dear (25 µs to a polygon), so that distances on the Mercator map decide wherever they can: a path of d metres
-- has there between 0.9966·d/cos φ and 1.0068·d/cos φ (the least and greatest scale of the spherical Mercator on WGS 84),
-- φ of the latitudes that it may pass. Only what lies between the two is measured; what comes out is what measuring all
-- gives. The radius is at most 20,000 m: the latitudes of a path are taken to stay within it.
--
-- Up to 1,500 m each place looks up the establishments around it; beyond, those around all places at once. On 98,000
-- establishments and 600 dormitories the first takes 38 ms at 500 m, 88 at 1,000 and 258 at 2,000, growing with the square;
-- the second some 210 at any radius (6 s is what comparing each with each takes at 5,000 m).
create function establishment_areas(radius_meters double precision, of_category text, of_agency text, of_commune text)
returns table (establishment_id bigint, bits int) language plpgsql stable rows 20000
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  if radius_meters <= 1500 then
    return query
      with bordering as (
        select e.id, case b.kind when 'adjoining' then 1 else 2 end as bit
          from border_areas b join establishments e on ST_Intersects(b.geom, e.geom)
         where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
           and (of_commune is null or e.commune_code = of_commune)
      ),
      places as materialized (
        select 4 as bit, geom, geom_mercator from industrial_parks
        union all
        select 8, geom, geom_mercator from dormitories
      ),
      -- 110,000 m is less than any degree of latitude has
      reaching as materialized (
        select bit, geom, geom_mercator,
               radius_meters * 0.9966 / cosd(greatest(0, least(abs(ST_YMin(geom)), abs(ST_YMax(geom))) - radius_meters / 110000)) as surely_within,
               radius_meters * 1.0068 / cosd(greatest(abs(ST_YMin(geom)), abs(ST_YMax(geom))) + radius_meters / 110000) as possibly_within
          from places
      ),
      near as (
        select e.id, place.bit
          from reaching as place
          join establishments e on ST_DWithin(place.geom_mercator, e.geom_mercator, place.possibly_within)
         where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
           and (of_commune is null or e.commune_code = of_commune)
           and (ST_DWithin(place.geom_mercator, e.geom_mercator, place.surely_within)
                or ST_DWithin(place.geom::geography, e.geom::geography, radius_meters))
      )
      select lying.id, bit_or(lying.bit) from (select * from bordering union all select * from near) as lying group by lying.id;
  else
    return query
      with bordering as (
        select e.id, case b.kind when 'adjoining' then 1 else 2 end as bit
          from border_areas b join establishments e on ST_Intersects(b.geom, e.geom)
         where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
           and (of_commune is null or e.commune_code = of_commune)
      ),
      places as materialized (
        select 4 as bit, geom, geom_mercator from industrial_parks
        union all
        select 8, geom, geom_mercator from dormitories
      ),
      reaching as materialized (
        select bit, geom, geom_mercator,
               radius_meters * 0.9966 / cosd(greatest(0, least(abs(ST_YMin(geom)), abs(ST_YMax(geom))) - radius_meters / 110000)) as surely_within,
               radius_meters * 1.0068 / cosd(greatest(abs(ST_YMin(geom)), abs(ST_YMax(geom))) + radius_meters / 110000) as possibly_within
          from places
      ),
      -- A circle of 32 sides reaches 0.9952 of its radius everywhere. So whoever is possibly within of a place, and not in the
      -- region, is at most `doubt` from the region's edge.
      region as materialized (
        select bit, ST_Union(ST_Buffer(geom_mercator, surely_within, 'quad_segs=8')) as geom,
               max(possibly_within - 0.995 * surely_within) as doubt
          from reaching group by bit
      ),
      inside as materialized (
        select distinct e.id, piece.bit
          from (select bit, ST_Subdivide(geom, 32) as geom from region) as piece
          join establishments e on ST_Intersects(piece.geom, e.geom_mercator)
         where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
           and (of_commune is null or e.commune_code = of_commune)
      ),
      doubtful as materialized (
        select distinct e.id, edge.bit, e.geom, e.geom_mercator
          from (select bit, ST_Subdivide(ST_Boundary(geom), 8) as geom, doubt from region) as edge
          join establishments e on ST_DWithin(edge.geom, e.geom_mercator, edge.doubt)
         where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
           and (of_commune is null or e.commune_code = of_commune)
           and not exists (select 1 from inside as known where known.id = e.id and known.bit = edge.bit)
      ),
      near as (
        select id, bit from inside
        union all
        select e.id, e.bit from doubtful as e
         where exists (select 1 from reaching as place
                        where place.bit = e.bit and ST_DWithin(place.geom_mercator, e.geom_mercator, place.possibly_within)
                          and ST_DWithin(place.geom::geography, e.geom::geography, radius_meters))
      )
      select lying.id, bit_or(lying.bit) from (select * from bordering union all select * from near) as lying group by lying.id;
  end if;
end $$;
revoke execute on function establishment_areas(double precision, text, text, text) from public;

-- All that figures on the coverage of inspections are made of, from the first day of the year to the day asked: sums by
-- group (`commune`, `category`, `lead-agency`; `area`: by the sum of the bits above, 16 where none), by commune and in all;
-- how many establishments of a commune were active so many days (what the lottery deals by) and how many of all had so
-- many inspections. Establishments never active in the period count only in what is outside of a licence.
--
-- `looked_at` reads inspections in order of the index inspection_records_standing (81 ms of 356,000 against 150 by hashing),
-- which the planner would not choose by itself.
create function inspection_coverage(first_day date, as_of date, grouped_by text, of_category text, of_agency text, of_commune text,
                                    radius_meters double precision, days_of_twelve_months int, days_of_twenty_four_months int)
returns json language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  only_commune constant text := commune_in_scope(of_commune);
  of_all constant boolean := of_category is null and of_agency is null and only_commune is null;
  answer json;
begin
  if grouped_by is null or grouped_by not in ('commune', 'category', 'lead-agency', 'area') then
    raise exception 'no grouping %', grouped_by;
  end if;
  perform refuse_narrowing(of_category is not null or of_agency is not null or (of_commune is not null and grouped_by <> 'commune'));
  -- Any radius for whoever sees premises. Of one that stands alone in its commune and category, others could search out how
  -- far it lies from each park and dormitory.
  if grouped_by = 'area' and acting_role() = 'leader' and radius_meters not in (500, 1000, 2000, 5000) then
    raise exception 'a radius of % m is not for the role leader', radius_meters using errcode = 'insufficient_privilege';
  end if;
  with membership as materialized (
    select establishment_id, bits from establishment_areas(radius_meters, of_category, of_agency, only_commune) where grouped_by = 'area'
  ),
  looked_at as (
    select establishment_id,
           (count(*) filter (where inspected_on >= first_day))::int as inspections,
           (count(*) filter (where inspected_on >= first_day and ground = 'planned'))::int as planned,
           (count(*) filter (where inspected_on >= first_day and ground = 'sign-of-violation'))::int as signs,
           -- from this day on a sign of violation is on record: one that brought a team, or one that a team found
           min(case when ground = 'sign-of-violation' then inspected_on
                    when outcome <> 'no-violation' then inspected_on + 1 end)
             filter (where inspected_on >= first_day) as sign_on,
           min(inspected_on) filter (where inspected_on >= first_day) as first_on,
           max(inspected_on) as last_on
      from (select establishment_id, inspected_on, ground, outcome from inspections
             where inspected_on <= as_of
               and (of_all or establishment_id in (
                     select e.id from establishments e
                      where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
                        and (only_commune is null or e.commune_code = only_commune)))
             order by establishment_id, inspected_on offset 0) as in_order
     group by establishment_id
  ),
  chosen as materialized (
    select e.commune_code, e.simulated,
           case grouped_by when 'commune' then e.commune_code when 'category' then e.category when 'lead-agency' then e.lead_agency
                           else coalesce(m.bits, 16)::text end as key,
           greatest(0, least(e.active_to, as_of) - greatest(e.active_from, first_day) + 1) as days,
           coalesce(l.inspections, 0) as inspections, coalesce(l.planned, 0) as planned, coalesce(l.signs, 0) as signs,
           case when coalesce(l.planned, 0) < 2 then false
                when l.sign_on is null then true
                else (select count(*) > 1 from inspections i
                       where i.establishment_id = e.id and i.ground = 'planned'
                         and i.inspected_on >= first_day and i.inspected_on < l.sign_on)
           end as repeated,
           case when l.first_on < e.active_from or (l.first_on is not null and l.last_on > e.active_to)
                then (select count(*)::int from inspections i
                       where i.establishment_id = e.id and i.inspected_on between first_day and as_of
                         and (i.inspected_on < e.active_from or i.inspected_on > e.active_to))
                else 0
           end as outside,
           e.active_from <= as_of and (e.active_to is null or e.active_to >= as_of) as licensed,
           as_of - l.last_on as days_since
      from establishments e
      left join looked_at l on l.establishment_id = e.id
      left join membership m on m.establishment_id = e.id
     where (of_category is null or e.category = of_category) and (of_agency is null or e.lead_agency = of_agency)
       and (only_commune is null or e.commune_code = only_commune)
       and (e.active_from <= as_of and (e.active_to is null or e.active_to >= first_day) or l.inspections > 0)
  ),
  -- establishments that are alike in all that is counted: some 7,000 of 98,000
  alike as materialized (
    select commune_code, key, days, inspections, planned, signs, repeated,
           count(*) as establishments, sum(outside) as outside, bool_or(simulated) as simulated,
           count(*) filter (where licensed) as licensed, count(*) filter (where licensed and days_since is not null) as ever_inspected,
           count(*) filter (where licensed and days_since > days_of_twelve_months) as over_twelve_months,
           count(*) filter (where licensed and days_since > days_of_twenty_four_months) as over_twenty_four_months
      from chosen
     group by commune_code, key, days, inspections, planned, signs, repeated
  ),
  sums as (
    select grouping(key) = 1 and grouping(commune_code) = 1 as total, commune_code, key,
           coalesce(sum(establishments) filter (where days > 0), 0) as active,
           coalesce(sum(establishments) filter (where days > 0 and inspections > 0), 0) as inspected,
           coalesce(sum(establishments * inspections) filter (where days > 0), 0) as inspections,
           coalesce(sum(establishments * days), 0) as days,
           coalesce(sum(establishments * planned) filter (where days > 0), 0) as planned,
           coalesce(sum(establishments) filter (where days > 0 and planned > 0), 0) as planned_inspected,
           coalesce(sum(establishments * signs) filter (where days > 0), 0) as signs,
           coalesce(sum(establishments) filter (where days > 0 and signs > 0), 0) as signs_inspected,
           coalesce(sum(establishments) filter (where days > 0 and inspections > planned + signs), 0) as random_inspected,
           coalesce(sum(establishments) filter (where days > 0 and repeated), 0) as repeated,
           coalesce(sum(licensed), 0) as licensed, coalesce(sum(ever_inspected), 0) as ever_inspected,
           coalesce(sum(over_twelve_months), 0) as over_twelve_months, coalesce(sum(over_twenty_four_months), 0) as over_twenty_four_months,
           coalesce(sum(outside) filter (where days > 0), 0) as outside_counted, coalesce(sum(outside) filter (where days = 0), 0) as outside_not_counted
      from alike
     group by grouping sets ((key), (commune_code), ())
  ),
  medians as (
    select key, percentile_cont(0.5) within group (order by days_since) as days
      from chosen where licensed and days_since is not null and grouped_by <> 'area' group by key
    union all
    select bit::text, percentile_cont(0.5) within group (order by days_since)
      from chosen join unnest(array[1, 2, 4, 8, 16]) as bit on key::int & bit <> 0
     where licensed and days_since is not null and grouped_by = 'area' group by bit
  )
  select json_build_object(
    'total', (select to_json(s) from sums s where total),
    'groups', (select coalesce(json_agg(s), '[]') from sums s where key is not null and not total),
    'communes', (select coalesce(json_agg(json_build_object('code', commune_code, 'active', active, 'inspected', inspected,
                                                            'inspections', inspections, 'routine', inspections - signs)
                                          order by commune_code), '[]')
                   from sums where commune_code is not null and not total),
    'medianDays', (select percentile_cont(0.5) within group (order by days_since) from chosen where licensed and days_since is not null),
    'medianDaysByGroup', (select coalesce(json_object_agg(key, days), '{}') from medians),
    'activeDays', (select json_build_object('communes', coalesce(json_agg(commune_code order by commune_code, days), '[]'),
                                            'days', coalesce(json_agg(days order by commune_code, days), '[]'),
                                            'establishments', coalesce(json_agg(establishments order by commune_code, days), '[]'))
                     from (select commune_code, days, sum(establishments) as establishments from alike where days > 0 group by 1, 2) as lots),
    'had', (select coalesce(json_agg(json_build_object('inspections', inspections, 'establishments', establishments) order by inspections), '[]')
              from (select inspections, sum(establishments) as establishments from alike where days > 0 group by 1) as counted),
    'hadRoutine', (select coalesce(json_agg(json_build_object('inspections', inspections, 'establishments', establishments) order by inspections), '[]')
                     from (select inspections - signs as inspections, sum(establishments) as establishments from alike where days > 0 group by 1) as counted),
    'simulated', coalesce((select bool_or(simulated) from alike), false)
                 or coalesce((select simulated from inspections where simulated and inspected_on <= as_of limit 1), false)
                 or grouped_by = 'area' and (exists (select from industrial_parks where simulated) or exists (select from dormitories where simulated)
                                             or exists (select from border_areas where simulated)))
    into answer;
  return answer;
end $$;

-- ------------------------------------------------------------------------------------------------------- hotspots

-- Where inspections were made and violations found, as columns: at each establishment's own point for who may read premises
-- and has written down that it does (`exact`); for a leader added up by square of a kilometre, at the middle of the square.
--
-- Squares: rows of 1,000 m of latitude and more (a degree has 110,574 m or more everywhere), each divided from the meridian of
-- Greenwich on so that its squares are 1,000 m wide or more even at the edge away from the equator (111,319 m · cos φ or more
-- to a degree of longitude). The same squares for every question: asking otherwise never moves them over a point.
create function inspection_places(first_day date, last_day date, of_category text, on_grounds text[],
                                  out longitudes json, out latitudes json, out inspections json, out violations json,
                                  out exact boolean, out simulated boolean)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  height constant float8 := 1000 / 110574.0;
begin
  if commune_in_scope(null) is not null then
    raise exception 'analyses in space are not for a commune' using errcode = 'insufficient_privilege';
  end if;
  perform refuse_narrowing(of_category is not null);
  exact := case when acting_role() is null then true when acting_role() in ('planner', 'inspector') then reading_is_logged() else false end;
  with looked_at as materialized (
    select i.establishment_id as id, count(*) as inspections, count(*) filter (where i.outcome <> 'no-violation') as violations,
           bool_or(i.simulated) as simulated
      from inspections i
     where i.inspected_on between first_day and last_day and i.ground = any (on_grounds)
     group by i.establishment_id
  ),
  found as materialized (
    select e.id, e.geom, l.inspections, l.violations, l.simulated
      from looked_at l join establishments e on e.id = l.id
     where of_category is null or e.category = of_category
  ),
  squares as materialized (
    select high, width, wide, sum(inspections) as inspections, sum(violations) as violations, bool_or(simulated) as simulated
      from (select *, floor(ST_X(geom) / width) as wide
              from (select *, 1000 / 111319.0::float8 / cosd(greatest(abs(high), abs(high + 1)) * height) as width
                      from (select *, floor(ST_Y(geom) / height) as high from found where not exact) as rowed) as divided) as squared
     group by high, width, wide
  ),
  placed as (
    select id, geom, inspections, violations, simulated from found where exact
    union all
    -- A square whose middle lies beyond the province stands at a commune's label: cut to the province it could be a few metres
    -- of land, and tell where on it somebody stands.
    select row_number() over (order by s.high, s.wide),
           case when exists (select from communes c where ST_Intersects(c.geom, o.middle)) then o.middle
                else (select c.label_point from communes c order by c.geom <-> o.middle, c.code limit 1) end,
           s.inspections, s.violations, s.simulated
      from squares s
     cross join lateral (select ST_SetSRID(ST_MakePoint((s.wide + 0.5) * s.width, (s.high + 0.5) * height), 4326) as middle offset 0) as o
  )
  select coalesce(json_agg(ST_X(geom) order by id), '[]'), coalesce(json_agg(ST_Y(geom) order by id), '[]'),
         coalesce(json_agg(p.inspections order by id), '[]'), coalesce(json_agg(p.violations order by id), '[]'),
         coalesce(bool_or(p.simulated), false)
    into longitudes, latitudes, inspections, violations, simulated
    from placed p;
end $$;

-- Inspections and violations by commune and day, as columns.
create function inspections_by_commune(first_day date, last_day date, of_category text, on_grounds text[],
                                       out codes json, out days json, out inspections json, out violations json, out simulated boolean)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  if commune_in_scope(null) is not null then
    raise exception 'analyses in space are not for a commune' using errcode = 'insufficient_privilege';
  end if;
  perform refuse_narrowing(of_category is not null);
  select coalesce(json_agg(c.commune_code order by c.commune_code, c.inspected_on), '[]'),
         coalesce(json_agg(c.inspected_on order by c.commune_code, c.inspected_on), '[]'),
         coalesce(json_agg(c.inspections order by c.commune_code, c.inspected_on), '[]'),
         coalesce(json_agg(c.violations order by c.commune_code, c.inspected_on), '[]'), coalesce(bool_or(c.simulated), false)
    into codes, days, inspections, violations, simulated
    from (select e.commune_code, i.inspected_on, count(*) as inspections, count(*) filter (where i.outcome <> 'no-violation') as violations,
                 bool_or(i.simulated) as simulated
            from inspections i join establishments e on e.id = i.establishment_id
           where i.inspected_on between first_day and last_day and i.ground = any (on_grounds)
             and (of_category is null or e.category = of_category)
           group by e.commune_code, i.inspected_on) as c;
end $$;

-- Establishments with a licence in force on at least one day of the period, by commune.
create function active_establishments_by_commune(first_day date, last_day date, of_category text)
returns table (commune_code text, active bigint) language plpgsql stable security definer rows 129
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if commune_in_scope(null) is not null then
    raise exception 'analyses in space are not for a commune' using errcode = 'insufficient_privilege';
  end if;
  perform refuse_narrowing(of_category is not null);
  return query
    select e.commune_code, count(*)
      from establishments e
     where e.active_from <= last_day and (e.active_to is null or e.active_to >= first_day)
       and (of_category is null or e.category = of_category)
     group by e.commune_code;
end $$;

-- Outreach sessions held in the period, by commune and never below: where help finds people is no lead.
create function outreach_by_commune(first_day date, last_day date)
returns table (commune_code text, sessions bigint, simulated boolean) language plpgsql stable security definer rows 129
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if commune_in_scope(null) is not null then
    raise exception 'analyses in space are not for a commune' using errcode = 'insufficient_privilege';
  end if;
  return query
    select s.commune_code, count(*), bool_or(s.simulated)
      from outreach_session_records s where s.withdrawn_at is null and s.held_on between first_day and last_day
     group by s.commune_code;
end $$;

-- ------------------------------------------------------------------------------------------------------ recording

-- Whoever records does so in his own name: what says who and when is not the writer's to choose.
create function mark_who_recorded() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  new.recorded_at := now();
  new.recorded_by := current_actor();
  new.recorded_role := acting_role();
  new.version := 1;
  new.changed_at := null;
  new.changed_by := null;
  new.withdrawn_at := null;
  new.withdrawn_by := null;
  new.withdrawal_reason := null;
  return new;
end $$;

do $$
declare
  recorded text;
begin
  foreach recorded in array array[
    'outreach_session_records', 'inspection_records', 'report_records', 'commune_plan_records', 'training_records', 'press_item_records']
  loop
    execute format('create trigger who_recorded_is_marked before insert on %I for each row when (acting_role() is not null) execute function mark_who_recorded()', recorded);
  end loop;
end $$;

-- Keys of repeated requests are kept for seven days, with what was answered; each account sees its own alone, and the old ones
-- of all go with whoever records next.
create function forget_idempotency_keys() returns void language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
  delete from idempotency_keys where created_at < now() - interval '7 days'
$$;
revoke execute on function forget_idempotency_keys() from public;
grant execute on function forget_idempotency_keys() to diaban_planner, diaban_inspector, diaban_commune;

-- ------------------------------------------------------------------------------------------------------- who may

do $$
declare
  every constant text := 'diaban_planner, diaban_inspector, diaban_leader, diaban_commune';
  granted record;
begin
  for granted in
    select * from (values
      ('simulated_until()', every || ', diaban_admin'),
      ('figures_are_simulated()', every || ', diaban_admin'),
      ('inspections_recorded_from()', every),
      ('licences_on_record(date, date)', every),
      ('inspection_coverage(date, date, text, text, text, text, double precision, integer, integer)', every),
      ('inspection_places(date, date, text, text[])', 'diaban_planner, diaban_inspector, diaban_leader'),
      ('inspections_by_commune(date, date, text, text[])', 'diaban_planner, diaban_inspector, diaban_leader'),
      ('active_establishments_by_commune(date, date, text)', 'diaban_planner, diaban_inspector, diaban_leader'),
      ('outreach_by_commune(date, date)', 'diaban_planner, diaban_inspector, diaban_leader')
    ) as functions (signature, roles)
  loop
    execute format('revoke execute on function %s from public', granted.signature);
    execute format('grant execute on function %s to %s', granted.signature, granted.roles);
  end loop;
end $$;

-- What PostGIS keeps of where rows lie, for its planner, asks no right: it counts the places of a square kilometre for anyone.
do $$
declare
  telling regprocedure;
begin
  for telling in
    select oid::regprocedure from pg_proc
     where proname in ('_postgis_stats', '_postgis_selectivity', '_postgis_join_selectivity', '_postgis_index_extent', 'st_estimatedextent')
  loop
    execute format('revoke execute on function %s from public', telling);
  end loop;
end $$;
