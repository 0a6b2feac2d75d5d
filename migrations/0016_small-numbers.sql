-- Small numbers: a count of 1–4 about people or reports is told to nobody but the role that recorded it. It holds here:
-- roles have no right on the columns that hold such counts, and what is told is made of rows from which they were taken
-- out. docs/methods.md, "Small numbers", has the rule, why nothing gives a count back, and its limits.
--
-- People (attendance, officers, the people of places): each count of 1–4 is taken as 2 or 3, by whether the row's id is
-- even, *before* anything is computed: on the average 2.5, as is the middle of what it may be. What is told is a function of the rows so masked and of nothing else: whichever of 1, 2, 3 or 4 stands on record, every
-- answer is the same to the byte. So no figure need be held back because of another.
--
-- Reports: a row is a count of one, and hidden. A commune's are counted to the end of each quarter, in whole fives, for
-- each role that recorded them by itself, those resolved in time and the others apart; the province's from day to day in
-- fives. What the communes' fives leave of the province's is the unit 'small-counts'.

create function masked_count(count integer, id bigint) returns integer language sql immutable parallel safe as $$
  select case when count between 1 and 4 then 2 + (id % 2)::integer else count end
$$;

-- ------------------------------------------------------------------------------------------------------ places

-- What roles may read of a place's people; 2 and 3 stand for 1–4.
alter table establishments
  add masked_workers integer generated always as (case when workers between 1 and 4 then 2 + (id % 2)::integer else workers end) stored;
alter table industrial_parks
  add masked_workers integer generated always as (case when workers between 1 and 4 then 2 + (id % 2)::integer else workers end) stored;
alter table dormitories
  add masked_residents integer generated always as (case when residents between 1 and 4 then 2 + (id % 2)::integer else residents end) stored;
alter table schools
  add masked_students integer generated always as (case when students between 1 and 4 then 2 + (id % 2)::integer else students end) stored;

create or replace view all_establishments as
  select * from establishments where (select acting_role() is null or reading_is_logged());

-- Rights on all columns but those named: a right on the table would cover them, so it is taken away first.
create function grant_columns_but(relation regclass, hidden text[], reading text[]) returns void language plpgsql as $$
begin
  execute format('revoke select on %s from %s', relation, array_to_string(reading, ', '));
  execute format('grant select (%s) on %s to %s',
    (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
      where attrelid = relation and attnum > 0 and not attisdropped and attname <> all (hidden)),
    relation, array_to_string(reading, ', '));
end $$;

-- The workers of a single establishment, often 1–4, are in no list and no filter; planners and communes have them masked,
-- for sums of people within reach.
select grant_columns_but('establishments', '{workers}', '{diaban_planner,diaban_commune}'),
       grant_columns_but('establishments', '{workers,masked_workers}', '{diaban_inspector}'),
       grant_columns_but('all_establishments', '{workers}', '{diaban_planner}'),
       grant_columns_but('all_establishments', '{workers,masked_workers}', '{diaban_inspector}'),
       grant_columns_but('industrial_parks', '{workers}', '{diaban_planner,diaban_inspector,diaban_leader,diaban_commune}'),
       grant_columns_but('dormitories', '{residents}', '{diaban_planner,diaban_inspector,diaban_leader,diaban_commune}'),
       grant_columns_but('schools', '{students}', '{diaban_planner,diaban_inspector,diaban_leader,diaban_commune}');

-- -------------------------------------------------------------------------------------------------- activities

-- The rows that stand, as before; for roles without their counts. With its owner's rights, since a view of the asker's
-- asks for a right on every column of the table; so the policies of the table are said again here. By current_user and not
-- by acting_role(): functions that run with their owner's rights, and the triggers that keep figures, see all rows.
create function may_see_outreach(commune text) returns boolean language sql stable parallel safe as $$
  select case current_user
           when 'diaban_commune' then commune = own_commune()
           when 'diaban_inspector' then false when 'diaban_leader' then false when 'diaban_admin' then false when 'diaban_visitor' then false
           else true
         end
$$;
create function sees_all_outreach() returns boolean language sql stable parallel safe as $$
  select current_user not in ('diaban_commune', 'diaban_inspector', 'diaban_leader', 'diaban_admin', 'diaban_visitor')
$$;
create or replace view outreach_sessions with (security_invoker = false) as
  select id, reference, held_on, form, audience, commune_code, industrial_park_id, dormitory_id, school_id, establishment_id,
         attendance, simulated, recorded_at, version, recorded_by, changed_at, changed_by, withdrawn_at, withdrawn_by, withdrawal_reason
    from outreach_session_records
   where withdrawn_at is null and ((select sees_all_outreach()) or may_see_outreach(commune_code));
create or replace view trainings with (security_invoker = false) as
  select id, reference, held_on, commune_code, unit, officers_attending, officers_in_post, simulated, recorded_at, version, recorded_by,
         changed_at, changed_by, withdrawn_at, withdrawn_by, withdrawal_reason
    from training_records
   where withdrawn_at is null and ((select sees_all_outreach()) or may_see_outreach(commune_code));
select grant_columns_but('outreach_session_records', '{attendance}', '{diaban_planner,diaban_commune}'),
       grant_columns_but('outreach_sessions', '{attendance}', '{diaban_planner,diaban_commune}'),
       grant_columns_but('training_records', '{officers_attending,officers_in_post}', '{diaban_planner,diaban_commune}'),
       grant_columns_but('trainings', '{officers_attending,officers_in_post}', '{diaban_planner,diaban_commune}'),
       grant_columns_but('activity_history', '{was}', '{diaban_planner,diaban_inspector,diaban_commune}');
drop function grant_columns_but(regclass, text[], text[]);

-- A count as the asker may have it: null where it is 1–4 and another role recorded it.
create function shown_count(count integer, recorded_role text) returns integer language sql stable parallel safe as $$
  select case when count between 1 and 4 and acting_role() is not null and acting_role() is distinct from recorded_role then null else count end
$$;

-- The tables as lists and single activities are read: every column, the counts as the asker may have them.
create view shown_outreach_session_records as
  select id, reference, held_on, form, audience, commune_code, industrial_park_id, dormitory_id, school_id, establishment_id,
         shown_count(attendance, recorded_role) as attendance, simulated, recorded_at, version, recorded_by, changed_at, changed_by,
         withdrawn_at, withdrawn_by, withdrawal_reason, recorded_role
    from outreach_session_records
   where (select sees_all_outreach()) or may_see_outreach(commune_code);
create view shown_training_records as
  select id, reference, held_on, commune_code, unit, shown_count(officers_attending, recorded_role) as officers_attending,
         shown_count(officers_in_post, recorded_role) as officers_in_post, simulated, recorded_at, version, recorded_by, changed_at, changed_by,
         withdrawn_at, withdrawn_by, withdrawal_reason, recorded_role
    from training_records
   where (select sees_all_outreach()) or may_see_outreach(commune_code);
grant select on shown_outreach_session_records, shown_training_records to diaban_planner, diaban_commune;

-- Earlier versions, likewise.
create function shown_version(kind text, was jsonb) returns jsonb language sql stable parallel safe as $$
  select case kind
    when 'outreach' then
      was || jsonb_build_object('attendance', shown_count((was ->> 'attendance')::int, was ->> 'recorded_role'))
    when 'training' then
      was || jsonb_build_object('officers_attending', shown_count((was ->> 'officers_attending')::int, was ->> 'recorded_role'),
                                'officers_in_post', shown_count((was ->> 'officers_in_post')::int, was ->> 'recorded_role'))
    else was
  end
$$;
create view shown_activity_history as
  select h.id, h.kind, h.activity_id, h.version, h.change, h.changed_at, h.changed_by, shown_version(h.kind, h.was) as was
    from activity_history h
   where acting_role() is null
      or case h.kind
           when 'outreach' then exists (select from outreach_session_records r where r.id = h.activity_id and may_see_outreach(r.commune_code))
           when 'training' then exists (select from training_records r where r.id = h.activity_id and may_see_outreach(r.commune_code))
           when 'commune-plans' then exists (select from commune_plan_records r where r.id = h.activity_id and may_see_outreach(r.commune_code))
           when 'press-items' then exists (select from press_item_records r where r.id = h.activity_id and may_see_outreach(r.commune_code))
           when 'inspections' then reading_is_logged() and exists (
             select from inspection_records r join establishments e on e.id = r.establishment_id
              where r.id = h.activity_id
                and (acting_role() in ('planner', 'inspector') or (acting_role() = 'commune' and e.commune_code = own_commune())))
           when 'reports' then exists (
             select from report_records r
              where r.id = h.activity_id and r.recorded_role = acting_role()
                and (acting_role() in ('planner', 'inspector') or (acting_role() = 'commune' and r.commune_code = own_commune())))
         end;
grant select on shown_activity_history to diaban_planner, diaban_inspector, diaban_commune;

-- ------------------------------------------------------------------------------- people: the definitions on masked rows

create view masked_outreach_sessions as
  select id, held_on, audience, commune_code, industrial_park_id, school_id, establishment_id, masked_count(attendance, id) as attendance
    from outreach_session_records where withdrawn_at is null;
create view masked_trainings as
  select id, held_on, commune_code, unit, masked_count(officers_attending, id) as officers_attending, masked_count(officers_in_post, id) as officers_in_post
    from training_records where withdrawn_at is null;
create view masked_establishments as
  select id, commune_code, masked_workers as workers, active_from, active_to from establishments;
create view masked_industrial_parks as select id, commune_code, masked_workers as workers from industrial_parks;
create view masked_schools as select id, commune_code, masked_students as students from schools;

-- The views of 0004 once more, of the same text, over the masked relations: a figure that is told can differ from the exact
-- one by what was masked and by nothing else. A migration that changes one of them makes its twin anew, as here.
do $$
declare
  defined text;
  over constant text := '\m(outreach_sessions|trainings|establishments|industrial_parks|schools|reachable_places|reachable_place_years|'
    'sessions_at_places|sessions_elsewhere|reach_events|counted_people|people_reached|training_units|officer_events)\M';
begin
  foreach defined in array array['reachable_places', 'reachable_place_years', 'sessions_at_places', 'sessions_elsewhere', 'reach_events',
    'counted_people', 'people_reached', 'training_units', 'officer_events', 'officers_trained']
  loop
    execute format('create view %I as %s', 'masked_' || defined,
      regexp_replace(pg_get_viewdef(defined::regclass), over, 'masked_\1', 'g'));
  end loop;
end $$;

create view masked_standings as
  select audience || '-reached' as indicator, commune_code, year, day, numerator, upper_numerator, denominator, unknown_places
    from masked_people_reached where ends_the_day
  union all
  select 'officers-trained', commune_code, year, day, numerator, upper_numerator, denominator, 0 from masked_officers_trained;
comment on view masked_standings is 'indicator_standings of the four indicators that count people, with each count of 1–4 taken as 2 or 3.';

-- The first day from which a standing holds a count of five or more: until then all of it is made of counts that are hidden.
create view large_counts as
  select audience || '-reached' as indicator, commune_code, year, greatest(s.held_on, p.enters_on) as day, true as done
    from masked_sessions_at_places s
    join masked_reachable_place_years p using (audience, place_id)
   where s.attendance >= 5 and p.people >= 5 and s.held_on between p.starts_on and p.ends_on
  union all
  select audience || '-reached', commune_code, year, held_on, true from masked_sessions_elsewhere where attendance >= 5
  union all
  select audience || '-reached', commune_code, year, enters_on, false from masked_reachable_place_years where people >= 5
  union all
  select 'officers-trained', commune_code, year, day, true from masked_officer_events where attending >= 5
  union all
  select 'officers-trained', commune_code, year, day, false from masked_officer_events where in_post >= 5;

-- ------------------------------------------------------------------------------------------------- kept by the day

create table masked_days (
  year int not null references plan_years on delete restrict,
  indicator text not null,
  commune_code text not null,
  day date not null,
  numerator bigint not null,
  upper_numerator bigint not null,
  denominator bigint not null,
  unknown_places bigint not null,
  -- whether a count of five or more is within the numerator, and within the denominator
  numerator_large boolean not null,
  denominator_large boolean not null,
  primary key (year, indicator, commune_code, day)
);

-- Reports that became due, by who recorded them; of what retention folded, the last day of the month, as the communes'.
create table report_due_days (
  year int not null references plan_years on delete restrict,
  commune_code text not null,
  recorded_role text not null,
  day date not null,
  in_time int not null check (in_time >= 0),
  late int not null check (late >= 0),
  primary key (year, commune_code, recorded_role, day)
);
alter table masked_days enable row level security;
alter table report_due_days enable row level security;

create function remake_shown_standings(made_year int, made_indicator text, communes_made text[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if made_indicator in ('establishment-workers-reached', 'industrial-workers-reached', 'students-reached', 'officers-trained') then
    delete from masked_days d
     where d.year = made_year and d.indicator = made_indicator and d.commune_code = any (communes_made);
    execute format(
      'insert into masked_days (year, indicator, commune_code, day, numerator, upper_numerator, denominator, unknown_places,
                                numerator_large, denominator_large)
       select s.year, s.indicator, s.commune_code, s.day, s.numerator, s.upper_numerator, s.denominator, s.unknown_places,
              coalesce(s.day >= l.done_on, false), coalesce(s.day >= l.held_on, false)
         from masked_standings s
         left join (select c.commune_code, min(c.day) filter (where c.done) as done_on, min(c.day) filter (where not c.done) as held_on
                      from large_counts c
                     where c.year = %1$s and c.indicator = %2$L and c.commune_code = any (%3$L::text[]) group by 1) l
           on l.commune_code = s.commune_code
        where s.year = %1$s and s.indicator = %2$L and s.commune_code = any (%3$L::text[])', made_year, made_indicator, communes_made);
  elsif made_indicator = 'reports-resolved' then
    delete from report_due_days d where d.year = made_year and d.commune_code = any (communes_made);
    insert into report_due_days (year, commune_code, recorded_role, day, in_time, late)
    select made_year, counted.commune_code, counted.recorded_role, counted.day, sum(counted.in_time), sum(counted.due - counted.in_time)
      from (select r.commune_code, r.recorded_role, r.due_on as day, 1 as due, coalesce(r.resolved_on <= r.due_on, false)::int as in_time
              from report_records r
             where r.withdrawn_at is null and r.due_on between make_date(made_year, 1, 1) and make_date(made_year, 12, 31)
               and r.commune_code = any (communes_made)
            union all
            select m.commune_code, 'commune', (m.month + interval '1 month')::date - 1, m.due, m.resolved_in_time
              from report_month_counts m
             where m.due > 0 and m.month between make_date(made_year, 1, 1) and make_date(made_year, 12, 31)
               and m.commune_code = any (communes_made)) as counted
     group by counted.commune_code, counted.recorded_role, counted.day;
  end if;
end $$;
revoke execute on function remake_shown_standings(int, text, text[]) from public;

create or replace function remake_standings() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  touched record;
begin
  -- The first of the rows of a transaction remakes them all; the others find nothing to do.
  for touched in
    with taken as (delete from stale_standings returning year, indicator, commune_code)
    select t.year, t.indicator, array_agg(t.commune_code order by t.commune_code) as communes from taken t group by 1, 2 order by 1, 2
  loop
    delete from indicator_days d
     where d.year = touched.year and d.indicator = touched.indicator and d.commune_code = any (touched.communes);
    -- With the year and the indicator in the text, the planner leaves out the other nine.
    execute format(
      'insert into indicator_days (year, indicator, commune_code, day, numerator, upper_numerator, denominator, unknown_places, central, local)
       select i.year, i.indicator, i.commune_code, i.day, i.numerator, i.upper_numerator, i.denominator, i.unknown_places, i.central, i.local
         from indicator_standings i
        where i.year = %s and i.indicator = %L and i.commune_code = any (%L::text[])', touched.year, touched.indicator, touched.communes);
    perform remake_shown_standings(touched.year, touched.indicator, touched.communes);
  end loop;
  return null;
end $$;

-- What is on record already.
select remake_shown_standings(y.year, i.indicator, c.codes)
  from recorded_years y
 cross join (values ('establishment-workers-reached'), ('industrial-workers-reached'), ('students-reached'), ('officers-trained'),
                    ('reports-resolved')) i (indicator)
 cross join (select array_agg(code) as codes from (select code from communes union all select 'province-agencies') known) c;

-- ------------------------------------------------------------------------------------------------- what is told

create function in_fives(count bigint) returns bigint language sql immutable parallel safe as $$
  select case when count < 5 then 0 else (count + 2) / 5 * 5 end
$$;

-- Reports as they are told: by commune (or one alone) at each quarter's end in whole fives, and what the province's fives
-- have beyond, as 'small-counts'. For a commune's account 'small-counts' is all that is not its own.
--
-- Where fewer than eight communes have reports, the province's number is the communes' own: what would be left belongs to
-- too few.
create function shown_report_days(asked_year int, as_of date, own text)
returns table (commune_code text, day date, in_time bigint, late bigint) language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  return query
    with due as (
      select d.commune_code, d.recorded_role, d.day, d.in_time, d.late from report_due_days d where d.year = asked_year and d.day <= as_of
    ), ended as (
      select q.quarter, q.ends_on from plan_quarters q where q.year = asked_year and q.ends_on <= as_of
    ), in_quarter as (
      select d.commune_code, d.recorded_role, extract(quarter from d.day)::int as quarter, sum(d.in_time) as in_time, sum(d.late) as late
        from due d group by 1, 2, 3
    ), by_quarter as (
      select i.commune_code, i.recorded_role, e.ends_on as day,
             sum(i.in_time)::bigint / 5 * 5 as in_time, sum(i.late)::bigint / 5 * 5 as late
        from ended e join in_quarter i on i.quarter <= e.quarter
       group by 1, 2, 3
    ), of_communes as (
      select commune_code, day, sum(in_time)::bigint as in_time, sum(late)::bigint as late from by_quarter group by 1, 2
    ), of_others as (
      select d.recorded_role, d.day, sum(d.in_time) as in_time, sum(d.late) as late
        from due d where own is null or d.commune_code <> own group by 1, 2
    ), spread as (
      -- of the whole year, so that it does not come and go with the day asked
      select recorded_role, count(*) >= 8 as wide
        from (select distinct d.recorded_role, d.commune_code from report_due_days d
               where d.year = asked_year and (own is null or d.commune_code <> own)) as recording
       group by 1
    ), days as (
      select day from of_others union select ends_on from ended
    ), so_far as (
      select r.recorded_role, d.day, r.wide,
             sum(coalesce(o.in_time, 0)) over running as in_time, sum(coalesce(o.late, 0)) over running as late
        from spread r cross join days d
        left join of_others o on o.recorded_role = r.recorded_role and o.day = d.day
      window running as (partition by r.recorded_role order by d.day)
    ), of_province as (
      select day, sum(case when wide then in_fives(in_time::bigint) end) as in_time, sum(case when wide then in_fives(late::bigint) end) as late
        from so_far group by 1
    ), told as (
      -- what the communes' fives come to, by role, so that a role that is not spread wide adds nothing beyond them
      select d.day, coalesce(b.wide_in_time, 0) as wide_in_time, coalesce(b.wide_late, 0) as wide_late,
             coalesce(b.in_time, 0) as in_time, coalesce(b.late, 0) as late
        from days d
        left join (
          select b.day, sum(b.in_time) filter (where r.wide) as wide_in_time, sum(b.late) filter (where r.wide) as wide_late,
                 sum(b.in_time) as in_time, sum(b.late) as late
            from by_quarter b left join spread r on r.recorded_role = b.recorded_role
           where own is null or b.commune_code <> own
           group by 1
        ) b on b.day = (select max(e.ends_on) from ended e where e.ends_on <= d.day)
    )
    select c.commune_code, c.day, c.in_time, c.late from of_communes c where own is null or c.commune_code = own
    union all
    select 'small-counts', t.day,
           (greatest(coalesce(p.in_time, 0) - t.wide_in_time, 0) + case when own is null then 0 else t.in_time end)::bigint,
           (greatest(coalesce(p.late, 0) - t.wide_late, 0) + case when own is null then 0 else t.late end)::bigint
      from told t left join of_province p on p.day = t.day;
end $$;
revoke execute on function shown_report_days(int, date, text) from public;

-- How the indicators stood in a year up to a day, by commune and month, as the asker may have them: the one way in which
-- figures leave this database. `exact` rows are told as they are; of the others `numerator_large` and
-- `denominator_large` say whether all is made of hidden counts. The owner has everything exact.
--
-- A commune's account has its own rows, and as 'small-counts' the sum of all others. Its own are exact where no other role
-- recorded any of 1–4 in them; establishments' workers never are, since they are in no commune's books.
create function shown_indicator_months(asked_year int, as_of date, asked_indicator text, asked_commune text)
returns table (indicator text, commune_code text, month int, numerator bigint, upper_numerator bigint, denominator bigint,
               unknown_places bigint, central bigint, local bigint, exact boolean, numerator_large boolean, denominator_large boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  asking constant text := acting_role();
  own constant text := commune_in_scope(null);
  narrowed constant text := commune_in_scope(asked_commune);
  kept constant boolean := exists (select from recorded_years y where y.year = asked_year);
  first_day constant date := make_date(asked_year, 1, 1);
  last_day constant date := make_date(asked_year, 12, 31);
  people constant text[] := array['establishment-workers-reached', 'industrial-workers-reached', 'students-reached', 'officers-trained'];
  hidden text[] := '{}';
  own_exact text[] := '{}';
begin
  if asking is not null then
    hidden := people || array['reports-resolved'];
  end if;
  if own is not null then
    if not exists (select from outreach_session_records s
                    where s.commune_code = own and s.recorded_role <> 'commune' and s.attendance between 1 and 4
                      and s.withdrawn_at is null and s.held_on between first_day and last_day) then
      if not exists (select from industrial_parks p where p.commune_code = own and p.workers between 1 and 4) then
        own_exact := own_exact || array['industrial-workers-reached'];
      end if;
      if not exists (select from schools p where p.commune_code = own and p.students between 1 and 4) then
        own_exact := own_exact || array['students-reached'];
      end if;
    end if;
    if not exists (select from training_records t
                    where t.commune_code = own and t.recorded_role <> 'commune' and t.withdrawn_at is null and t.held_on <= last_day
                      and (t.officers_attending between 1 and 4 or t.officers_in_post between 1 and 4)) then
      own_exact := own_exact || array['officers-trained'];
    end if;
    if not exists (select from report_due_days d where d.year = asked_year and d.commune_code = own and d.recorded_role <> 'commune') then
      own_exact := own_exact || array['reports-resolved'];
    end if;
  end if;
  return query execute format($months$
    -- what follows a row is asked within each part: there they come in the order of the key, which a union loses
    with days as (
      select i.indicator, i.commune_code, i.day, i.numerator::int, i.upper_numerator::int, i.denominator::int, i.unknown_places::int, i.central::int,
             i.local::int, true as exact, true as numerator_large, true as denominator_large,
             lead(i.day) over (partition by i.indicator, i.commune_code order by i.day) as next
        from %1$I i
       where i.year = $1 and i.day <= $2 and ($3 is null or i.indicator = $3) and ($4 is null or i.commune_code = $4)
         and (i.indicator <> all ($5) or (i.commune_code = $6 and i.indicator = any ($7)))
      union all
      select m.indicator, m.commune_code, m.day, m.numerator::int, m.upper_numerator::int, m.denominator::int, m.unknown_places::int, null, null,
             false, m.numerator_large, m.denominator_large, lead(m.day) over (partition by m.indicator, m.commune_code order by m.day)
        from (%2$s) m
       where m.year = $1 and m.day <= $2 and ($3 is null or m.indicator = $3) and ($4 is null or m.commune_code = $4)
         and m.indicator = any ($5) and (m.commune_code = $6 and m.indicator = any ($7)) is not true
      union all
      select 'reports-resolved', r.commune_code, r.day, r.in_time::int, null, (r.in_time + r.late)::int, 0, null, null, false, r.in_time > 0, r.late > 0,
             lead(r.day) over (partition by r.commune_code order by r.day)
        from shown_report_days($1, $2, $6) r
       where 'reports-resolved' = any ($5) and coalesce($3, 'reports-resolved') = 'reports-resolved'
         and ($4 is null or r.commune_code = $4) and (r.commune_code = $6 and 'reports-resolved' = any ($7)) is not true
    ), months as (
      select d.*, extract(month from d.day)::int as month from days d
       where d.next is null or extract(month from d.next) <> extract(month from d.day)
    ), moved as (
      select m.indicator, m.month, m.exact, m.numerator_large, m.denominator_large,
             m.numerator - lag(m.numerator, 1, 0) over w as numerator, m.upper_numerator - lag(m.upper_numerator, 1, 0) over w as upper_numerator,
             m.denominator - lag(m.denominator, 1, 0) over w as denominator,
             m.unknown_places - lag(m.unknown_places, 1, 0) over w as unknown_places,
             m.central - lag(m.central, 1, 0) over w as central, m.local - lag(m.local, 1, 0) over w as local
        from months m
       where $6 is not null and m.commune_code <> $6
      window w as (partition by m.indicator, m.commune_code order by m.month)
    )
    select m.indicator, m.commune_code, m.month, m.numerator::bigint, m.upper_numerator::bigint, m.denominator::bigint,
           m.unknown_places::bigint, m.central::bigint, m.local::bigint, m.exact, m.numerator_large, m.denominator_large
      from months m where $6 is null or m.commune_code = $6
    union all
    select m.indicator, 'small-counts', m.month, (sum(sum(m.numerator)) over so_far)::bigint, (sum(sum(m.upper_numerator)) over so_far)::bigint,
           (sum(sum(m.denominator)) over so_far)::bigint, (sum(sum(m.unknown_places)) over so_far)::bigint,
           (sum(sum(m.central)) over so_far)::bigint, (sum(sum(m.local)) over so_far)::bigint, bool_and(bool_and(m.exact)) over so_far, bool_or(bool_or(m.numerator_large)) over so_far,
           bool_or(bool_or(m.denominator_large)) over so_far
      from moved m group by m.indicator, m.month
    window so_far as (partition by m.indicator order by m.month)
    $months$,
    case when kept then 'indicator_days' else 'indicator_standings' end,
    case when kept then 'select * from masked_days' else 'select *, true as numerator_large, true as denominator_large from masked_standings' end)
  -- what an account of a commune asks of the whole province is asked of all communes, and told as a sum
  using asked_year, as_of, asked_indicator, case when own is not null and asked_commune is null then null else narrowed end, hidden, own, own_exact;
end $$;

-- The activities that an indicator of people counts, with what each adds, of masked rows: `amount`, `adds` and
-- `adds_to_upper` are null where they would tell a count of 1–4.
create function shown_people_rows(asked_indicator text, asked_year int, as_of date, asked_commune text)
returns table (activity text, id bigint, reference text, day date, commune_code text, amount int, adds bigint, adds_to_upper bigint, note text,
               masked_adds bigint, masked_adds_to_upper bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  prefix constant text := case when acting_role() is null then '' else 'masked_' end;
  only_commune constant text := commune_in_scope(asked_commune);
begin
  if coalesce(acting_role(), 'planner') not in ('planner', 'commune') then
    raise exception 'rows of outreach are not for the role %', acting_role() using errcode = 'insufficient_privilege';
  end if;
  if asked_indicator = 'officers-trained' then
    return query execute format($rows$
      select 'training', t.id, t.reference, o.day, t.commune_code, shown_count(t.officers_attending, t.recorded_role),
             hide.adds, hide.upper,
             case when o.lower = o.attending then null when o.lower = 0 then 'smaller-than-before' else 'part' end,
             o.lower::bigint, o.upper
        from %1$I o join training_records t on t.id = o.training_id
       cross join lateral (select case when $4 and o.lower between 1 and 4 then null else o.lower::bigint end as adds,
                                  case when $4 and o.upper between 1 and 4 then null else o.upper end as upper) hide
       where o.year = $1 and o.day <= $2 and ($3 is null or t.commune_code = $3)$rows$, prefix || 'officer_events')
    using asked_year, as_of, only_commune, acting_role() is not null;
  else
    return query execute format($rows$
      select 'outreach', s.id, s.reference, c.day, c.commune_code, shown_count(s.attendance, s.recorded_role),
             hide.adds, hide.upper,
             case when c.adds = c.attendance then null
                  when num_nonnulls(s.establishment_id, s.industrial_park_id, s.school_id) = 0 then 'elsewhere'
                  when c.adds = 0 then 'smaller-than-before'
                  else 'part' end,
             c.adds, c.adds_to_upper
        from (
          select p.session_id, p.day, p.commune_code, p.attendance,
                 (p.numerator - coalesce(lag(p.numerator) over so_far, 0))::bigint as adds,
                 (p.upper_numerator - coalesce(lag(p.upper_numerator) over so_far, 0))::bigint as adds_to_upper
            from %1$I p
           where p.audience = $5 and p.year = $1 and p.session_id is not null and ($3 is null or p.commune_code = $3)
          window so_far as (partition by p.commune_code order by p.day, p.session_id)) c
        join outreach_session_records s on s.id = c.session_id
       cross join lateral (select case when $4 and c.adds between 1 and 4 then null else c.adds end as adds,
                                  case when $4 and c.adds_to_upper between 1 and 4 then null else c.adds_to_upper end as upper) hide
       where c.day <= $2
      union all
      select 'outreach', s.id, s.reference, s.held_on, s.commune_code, shown_count(s.attendance, s.recorded_role), 0, 0, 'place-not-counted', 0, 0
        from %2$I a
        join outreach_session_records s on s.id = a.session_id
       where a.audience = $5 and a.held_on between make_date($1, 1, 1) and least($2, make_date($1, 12, 31))
         and ($3 is null or s.commune_code = $3)
         and not exists (
           select from %3$I p
            where p.audience = a.audience and p.place_id = a.place_id and p.year = $1 and p.people is not null)$rows$,
      prefix || 'counted_people', prefix || 'sessions_at_places', prefix || 'reachable_place_years')
    using asked_year, as_of, only_commune, acting_role() is not null, replace(asked_indicator, '-reached', '');
  end if;
end $$;

-- What the rows behind the other figures are read from: views with the asker's own rights, so that policies hold beneath.
grant select on establishment_years, counted_inspections, commune_quarters, communes_with_outreach to diaban_planner, diaban_commune;

-- Communes that held outreach from one day to another; of a commune's account its own, and how many others.
create function communes_in_quarter(first_day date, last_day date)
returns table (commune_code text, communes bigint) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  own constant text := commune_in_scope(null);
begin
  return query
    -- one step down an index for each commune: the sessions of a quarter are tens of thousands
    select case when own is null or own = c.code then c.code else 'small-counts' end, count(*)
      from communes c
     where exists (select from outreach_session_records s
                    where s.commune_code = c.code and s.withdrawn_at is null and s.held_on between first_day and last_day)
     group by 1;
end $$;

-- ---------------------------------------------------------------------------------------------- density of reports

-- Reports received in whole quarters between two days, by cells that hold five or more in a quarter. Quarters stand apart,
-- so that no two periods differ by less than a quarter; within each, cells of fewer than five are joined in their parent,
-- up to resolution 5, where five or more come together, from two cells or more, and not so many that all of them must
-- hold four. What is left is told as one number, in fives: the row without a cell. The reports of each role are joined
-- among themselves, so that who records some cannot tell the others' from a cell that turns up.
create function report_cells(first_day date, last_day date)
returns table (cell text, counted bigint, simulated boolean) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if coalesce(acting_role(), 'planner') not in ('planner', 'inspector', 'leader') then
    raise exception 'the density of reports is not for the role %', acting_role() using errcode = 'insufficient_privilege';
  end if;
  return query
    with received as (
      select date_trunc('quarter', r.received_on)::date as quarter, r.recorded_role,
             ('x' || lpad(r.h3_cell, 16, '0'))::bit(64)::bigint as cell, count(*) as counted, bool_or(r.simulated) as simulated
        from report_records r
       where r.withdrawn_at is null
         and r.received_on >= (date_trunc('quarter', first_day + interval '3 months' - interval '1 day'))::date
         and r.received_on < (date_trunc('quarter', last_day + interval '1 day'))::date
       group by 1, 2, 3
    ), six as (
      -- a parent has its child's digits up to its own resolution, and sevens from there: 3 bits each, 45 of them in all
      select quarter, recorded_role, (cell & ~(15::bigint << 52) & ~((1::bigint << 27) - 1)) | (6::bigint << 52) | ((1::bigint << 27) - 1) as cell,
             sum(counted) as counted, count(*) as joined, bool_or(simulated) as simulated
        from received where counted < 5 group by 1, 2, 3
    ), five as (
      select quarter, recorded_role, (cell & ~(15::bigint << 52) & ~((1::bigint << 30) - 1)) | (5::bigint << 52) | ((1::bigint << 30) - 1) as cell,
             sum(counted) as counted, count(*) as joined, bool_or(simulated) as simulated
        from six where not (counted >= 5 and joined >= 2 and counted < 4 * joined) group by 1, 2, 3
    ), kept as (
      select cell, counted, simulated, true as told from received where counted >= 5
      union all
      select cell, counted, simulated, true from six where counted >= 5 and joined >= 2 and counted < 4 * joined
      union all
      select cell, counted, simulated, counted >= 5 and joined >= 2 and counted < 4 * joined from five
    )
    select lpad(to_hex(kept.cell), 15, '0'), sum(kept.counted)::bigint, bool_or(kept.simulated) from kept where told group by kept.cell
    union all
    select null, in_fives(coalesce(sum(kept.counted), 0)::bigint), coalesce(bool_or(kept.simulated), false) from kept where not told;
end $$;

revoke execute on function shown_indicator_months(int, date, text, text), shown_people_rows(text, int, date, text),
  communes_in_quarter(date, date), report_cells(date, date) from public;
grant execute on function shown_indicator_months(int, date, text, text) to diaban_planner, diaban_inspector, diaban_leader, diaban_commune;
grant execute on function communes_in_quarter(date, date) to diaban_planner, diaban_inspector, diaban_leader, diaban_commune;
grant execute on function shown_people_rows(text, int, date, text) to diaban_planner, diaban_commune;
grant execute on function report_cells(date, date) to diaban_planner, diaban_inspector, diaban_leader;
