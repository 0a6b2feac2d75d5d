-- The ten indicators of the plan, each defined by a view here and nowhere else. The API, the map, the tables, the exports
-- and the report read what these views give; docs/methods.md says it in words.
--
-- Three layers:
--   counted_*           the activities that an indicator counts, each with what it adds to the numerator
--   <indicator>         how each commune stands on every day of a year on which that changed
--   indicator_standings the ten together; indicator_days keeps them, remade by the database itself
--
-- No view has to be told the day that is asked about: a standing rests on the days before it alone, so that "as of" any
-- day is the last row up to it. `commune_code` is 'province-agencies' for what no commune did.
--
-- Attendance is not distinct people. Where people are counted, `numerator` is a lower bound: at each place its largest
-- session; `upper_numerator` is the sum of its sessions; both at most the people of the place.

create table plan_years (
  year int primary key,
  starts_on date not null generated always as (make_date(year, 1, 1)) stored,
  ends_on date not null generated always as (make_date(year, 12, 31)) stored
);
insert into plan_years (year) select generate_series(2003, 2100);

create view plan_quarters as
  select y.year, n as quarter, make_date(y.year, 3 * n - 2, 1) as starts_on,
         (make_date(y.year, 3 * n - 2, 1) + interval '3 months')::date - 1 as ends_on
    from plan_years y cross join generate_series(1, 4) as n;

-- What each plan asks, as a share. A target stands from its year on until a later one replaces it.
create table plan_targets (
  indicator text not null check (indicator in ('communes-with-outreach', 'establishment-workers-reached', 'industrial-workers-reached',
    'students-reached', 'press-items', 'communes-with-plan', 'communes-integrated', 'reports-resolved', 'establishments-inspected',
    'officers-trained')),
  from_year int not null references plan_years on delete restrict,
  -- null for press items: at least one in a central and one in a local outlet
  share double precision check (share > 0 and share <= 1),
  section text not null,
  primary key (indicator, from_year)
);
insert into plan_targets (indicator, from_year, share, section) values
  ('communes-with-outreach',        2026, 0.7,  'II.1.a'),
  ('establishment-workers-reached', 2026, 0.5,  'II.1.a'),
  ('industrial-workers-reached',    2026, 0.5,  'II.1.a'),
  ('students-reached',              2026, 0.25, 'II.1.a'),
  ('press-items',                   2026, null, 'II.1.a'),
  ('communes-with-plan',            2026, 1,    'II.2.a'),
  ('communes-integrated',           2026, 1,    'II.2.a'),
  ('reports-resolved',              2026, 1,    'II.3.a'),
  ('establishments-inspected',      2026, 0.2,  'II.3.a'),
  ('officers-trained',              2026, 1,    'II.4.a');
select watch_data_version('plan_targets');

create index on outreach_session_records (commune_code, audience, held_on) where withdrawn_at is null;
create index on report_records (commune_code, due_on) where withdrawn_at is null;

-- ------------------------------------------------------------------------------- people reached: what is counted

-- Where the people of an audience are found; people is null where their number is not on record.
create view reachable_places with (security_invoker = true) as
  select 'establishment-workers' as audience, id as place_id, commune_code, workers as people, active_from, active_to
    from establishments
  union all
  select 'industrial-workers', id, commune_code, workers, null, null from industrial_parks
  union all
  select 'students', id, commune_code, students, null, null from schools;

-- A place belongs to the year when it was open on at least one of its days, from the first of them on.
create view reachable_place_years with (security_invoker = true) as
  select p.audience, p.commune_code, y.year, y.starts_on, y.ends_on, p.place_id, p.people, greatest(p.active_from, y.starts_on) as enters_on
    from reachable_places p
    join plan_years y on (p.active_from is null or p.active_from <= y.ends_on) and (p.active_to is null or p.active_to >= y.starts_on);

-- Sessions at a place of the audience; the others are held elsewhere: for the commune at large, or in a dormitory.
create view sessions_at_places with (security_invoker = true) as
  select audience, establishment_id as place_id, held_on, id as session_id, attendance
    from outreach_sessions where audience = 'establishment-workers' and establishment_id is not null
  union all
  select audience, industrial_park_id, held_on, id, attendance
    from outreach_sessions where audience = 'industrial-workers' and industrial_park_id is not null
  union all
  select audience, school_id, held_on, id, attendance
    from outreach_sessions where audience = 'students' and school_id is not null;

create view sessions_elsewhere with (security_invoker = true) as
  select audience, commune_code, extract(year from held_on)::int as year, held_on, id as session_id, attendance
    from outreach_sessions
   where audience in ('establishment-workers', 'industrial-workers', 'students')
     and case audience
           when 'establishment-workers' then establishment_id
           when 'industrial-workers' then industrial_park_id
           else school_id
         end is null;

-- One session after another: what each adds at its place, and how many people the commune's places have by its day. A
-- session at a place that was never open in the year, or whose people are not on record, is not among them.
create view reach_events with (security_invoker = true) as
  select p.audience, p.commune_code, p.year, p.enters_on as day, null::bigint as session_id, p.place_id, null::int as attendance,
         coalesce(p.people, 0) as people, (p.people is null)::int as unknown_places,
         0 as place_lower, 0::bigint as place_upper, null::int as elsewhere
    from reachable_place_years p
  union all
  select p.audience, p.commune_code, p.year, greatest(s.held_on, p.enters_on), s.session_id, p.place_id, s.attendance, 0, 0,
         least(p.people, max(s.attendance) over so_far) - least(p.people, coalesce(max(s.attendance) over before, 0)),
         least(p.people, sum(s.attendance) over so_far) - least(p.people, coalesce(sum(s.attendance) over before, 0)),
         null
    from reachable_place_years p
    join sessions_at_places s on s.audience = p.audience and s.place_id = p.place_id and s.held_on between p.starts_on and p.ends_on
   where p.people is not null
  window so_far as (partition by p.audience, p.commune_code, p.year, p.place_id order by s.held_on, s.session_id rows unbounded preceding),
         before as (partition by p.audience, p.commune_code, p.year, p.place_id order by s.held_on, s.session_id rows between unbounded preceding and 1 preceding)
  union all
  select s.audience, s.commune_code, s.year, s.held_on, s.session_id, null, s.attendance, 0, 0, 0, 0, s.attendance
    from sessions_elsewhere s;

-- The same people may have come to a session elsewhere, so that its largest is a bound of its own, never added to that of
-- the places; for the upper bound it is added. A standing moves only with a session, so that the rows add up to it.
create view counted_people with (security_invoker = true) as
  select audience, commune_code, year, day, session_id, place_id, attendance, people, unknown_places, numerator, upper_numerator
    from (
      select e.audience, e.commune_code, e.year, e.day, e.session_id, e.place_id, e.attendance,
             sum(e.people) over so_far as people, sum(e.unknown_places) over so_far as unknown_places,
             greatest(sum(e.place_lower) over so_far,
                      least(coalesce(max(e.elsewhere) over so_far, 0), sum(e.people) over so_far)) as numerator,
             least(sum(e.people) over so_far,
                   sum(e.place_upper) over so_far + coalesce(sum(e.elsewhere) over so_far, 0)) as upper_numerator
        from reach_events e
      window so_far as (partition by e.audience, e.commune_code, e.year
                        order by e.day, e.session_id nulls first, e.place_id rows unbounded preceding)
    ) running;

create view people_reached with (security_invoker = true) as
  select audience, commune_code, year, day,
         coalesce(max(numerator) filter (where session_id is not null) over so_far, 0)::bigint as numerator,
         coalesce(max(upper_numerator) filter (where session_id is not null) over so_far, 0)::bigint as upper_numerator,
         people::bigint as denominator, unknown_places::bigint as unknown_places,
         lead(day) over (partition by audience, commune_code, year order by day, session_id nulls first, place_id) is distinct from day as ends_the_day
    from counted_people
  window so_far as (partition by audience, commune_code, year order by day, session_id nulls first, place_id rows unbounded preceding);

-- ------------------------------------------------------------------------------------------ II.1 communication

create view commune_quarters with (security_invoker = true) as
  select c.code as commune_code, q.year, q.quarter, q.starts_on, q.ends_on,
         (select min(s.held_on) from outreach_sessions s
           where s.commune_code = c.code and s.held_on between q.starts_on and q.ends_on) as first_held_on
    from communes c cross join plan_quarters q;

create view communes_with_outreach with (security_invoker = true) as
  -- until a quarter has ended, one session is enough
  select commune_code, year, starts_on as day, 0::bigint as numerator, 1::bigint as denominator
    from commune_quarters where quarter = 1 and first_held_on is distinct from starts_on
  union all
  select commune_code, year, first_held_on, 1, 1 from commune_quarters where quarter = 1 and first_held_on < ends_on
  union all
  -- from its last day on, a quarter asks for its own
  select commune_code, year, ends_on,
         (bool_and(first_held_on is not null) over (partition by commune_code, year order by quarter))::int, 1
    from commune_quarters;
comment on view communes_with_outreach is
  'Kế hoạch 2026, II.1.a: communes with at least one form of outreach, kept up in every quarter that has ended, of all communes.';

create view establishment_workers_reached with (security_invoker = true) as
  select * from people_reached where audience = 'establishment-workers' and ends_the_day;
comment on view establishment_workers_reached is
  'Kế hoạch 2026, II.1.a: workers of establishments reached, of the workers of all establishments open in the year so far.';

create view industrial_workers_reached with (security_invoker = true) as
  select * from people_reached where audience = 'industrial-workers' and ends_the_day;
comment on view industrial_workers_reached is
  'Kế hoạch 2026, II.1.a: workers of industrial parks reached, of all workers of industrial parks.';

create view students_reached with (security_invoker = true) as
  select * from people_reached where audience = 'students' and ends_the_day;
comment on view students_reached is
  'Kế hoạch 2026, II.1.a: upper-secondary, university and vocational students reached, of all such students.';

create view press_items_published with (security_invoker = true) as
  with published as (
    select coalesce(p.commune_code, 'province-agencies') as commune_code, extract(year from p.published_on)::int as year, p.published_on as day,
           count(*) filter (where p.outlet_level = 'central') as central, count(*) filter (where p.outlet_level = 'local') as local
      from press_items p group by 1, 2, 3
  )
  select commune_code, year, day, sum(central) over so_far as central, sum(local) over so_far as local
    from published
  window so_far as (partition by commune_code, year order by day);
comment on view press_items_published is
  'Kế hoạch 2026, II.1.a: items published in the press, central and local; the plan asks for at least one of each.';

-- -------------------------------------------------------------------------- II.2 prevention with other programmes

create view communes_with_plan with (security_invoker = true) as
  select c.code as commune_code, y.year, y.starts_on as day, (p.issued_on is not null)::int::bigint as numerator, 1::bigint as denominator
    from communes c cross join plan_years y
    left join commune_plans p on p.commune_code = c.code and p.year = y.year and p.issued_on <= y.starts_on
  union all
  select p.commune_code, y.year, p.issued_on, 1, 1 from commune_plans p join plan_years y on y.year = p.year and p.issued_on > y.starts_on;
comment on view communes_with_plan is 'Kế hoạch 2026, II.2.a: communes that have issued and run a plan for the year, of all communes.';

create view communes_integrated with (security_invoker = true) as
  select d.commune_code, d.year, d.day,
         case when p.integrated_with @> array['socio-economic', 'social-security', 'drug-control', 'hiv-aids'] then d.numerator else 0 end as numerator,
         d.denominator
    from communes_with_plan d
    left join commune_plans p on p.commune_code = d.commune_code and p.year = d.year;
comment on view communes_integrated is
  'Kế hoạch 2026, II.2.a: communes whose plan is integrated with all four of the socio-economic, social-security, drug and '
  'HIV/AIDS programmes, of all communes.';

-- --------------------------------------------------------------------------------------------- II.3 inspection

create view reports_resolved with (security_invoker = true) as
  with due as (
    select r.commune_code, extract(year from r.due_on)::int as year, r.due_on as day,
           count(*) as due, count(*) filter (where r.resolved_on <= r.due_on) as in_time
      from reports r group by 1, 2, 3
  )
  select commune_code, year, day, (sum(in_time) over so_far)::bigint as numerator, (sum(due) over so_far)::bigint as denominator
    from due
  window so_far as (partition by commune_code, year order by day);
comment on view reports_resolved is
  'Kế hoạch 2026, II.3.a: reports received, verified, classified and resolved by the day on which they were due, of those that '
  'have become due in the year; one that is due tomorrow counts in neither.';

create view establishment_years with (security_invoker = true) as
  select e.commune_code, y.year, e.id as establishment_id, greatest(e.active_from, y.starts_on) as enters_on
    from establishments e
    join plan_years y on e.active_from <= y.ends_on and (e.active_to is null or e.active_to >= y.starts_on);

create view counted_inspections with (security_invoker = true) as
  select e.commune_code, e.year, e.establishment_id, i.id as inspection_id, greatest(i.inspected_on, e.enters_on) as day,
         (row_number() over (partition by e.commune_code, e.year, e.establishment_id order by i.inspected_on, i.id) = 1)::int as adds
    from establishment_years e
    join inspections i on i.establishment_id = e.establishment_id
         and i.inspected_on between make_date(e.year, 1, 1) and make_date(e.year, 12, 31);

create view establishments_inspected with (security_invoker = true) as
  with gains as (
    select commune_code, year, enters_on as day, count(*) as active, 0::bigint as inspected from establishment_years group by 1, 2, 3
    union all
    select commune_code, year, day, 0, sum(adds) from counted_inspections where adds = 1 group by 1, 2, 3
  )
  select commune_code, year, day, (sum(sum(inspected)) over so_far)::bigint as numerator, (sum(sum(active)) over so_far)::bigint as denominator
    from gains group by commune_code, year, day
  window so_far as (partition by commune_code, year order by day);
comment on view establishments_inspected is
  'Kế hoạch 2026, II.3.a: establishments inspected at least once in the year, of those with a licence in force on at least one '
  'day of the year so far.';

-- ----------------------------------------------------------------------------------------------- II.4 training

-- Officers in post: what a unit states in the year, the greatest so far; until then, what it stated last.
create view training_units with (security_invoker = true) as
  select coalesce(commune_code, 'province-agencies') as commune_code, unit, extract(year from held_on)::int as year, held_on, id as training_id,
         officers_attending as attending, officers_in_post as in_post
    from trainings;

create view officer_events with (security_invoker = true) as
  with stated as (
    -- the last of each year in which the unit stated anything, up to the next such year
    select distinct on (commune_code, unit, year) commune_code, unit, year, in_post
      from training_units order by commune_code, unit, year, held_on desc, training_id desc
  ), carried as (
    select s.commune_code, s.unit, y.year, y.starts_on, s.in_post
      from (select *, lead(year) over (partition by commune_code, unit order by year) as next_year from stated) s
      join plan_years y on y.year > s.year and y.year <= coalesce(s.next_year, 9999)
  )
  select commune_code, year, unit, starts_on as day, null::bigint as training_id, 0 as attending, 0 as lower, 0::bigint as upper, in_post
    from carried
  union all
  select t.commune_code, t.year, t.unit, t.held_on, t.training_id, t.attending,
         least(max(t.attending) over so_far, max(t.in_post) over so_far)
           - least(coalesce(max(t.attending) over before, 0), coalesce(max(t.in_post) over before, 0)),
         least(sum(t.attending) over so_far, max(t.in_post) over so_far)
           - least(coalesce(sum(t.attending) over before, 0), coalesce(max(t.in_post) over before, 0)),
         max(t.in_post) over so_far - coalesce(max(t.in_post) over before, c.in_post, 0)
    from training_units t
    left join carried c on c.commune_code = t.commune_code and c.unit = t.unit and c.year = t.year
  window so_far as (partition by t.commune_code, t.year, t.unit order by t.held_on, t.training_id rows unbounded preceding),
         before as (partition by t.commune_code, t.year, t.unit order by t.held_on, t.training_id rows between unbounded preceding and 1 preceding);

create view officers_trained with (security_invoker = true) as
  select commune_code, year, day, (sum(sum(lower)) over so_far)::bigint as numerator,
         (sum(sum(upper)) over so_far)::bigint as upper_numerator, (sum(sum(in_post)) over so_far)::bigint as denominator
    from officer_events group by commune_code, year, day
  window so_far as (partition by commune_code, year order by day);
comment on view officers_trained is
  'Kế hoạch 2026, II.4.a: officers trained in the year, of officers in post, by unit of the communes and of the province; at each '
  'unit between its largest training and the sum of its trainings.';

-- ------------------------------------------------------------------------------------------------ all of them

create view indicator_standings with (security_invoker = true) as
  select 'communes-with-outreach' as indicator, commune_code, year, day, numerator, null::bigint as upper_numerator, denominator,
         0::bigint as unknown_places, null::bigint as central, null::bigint as local from communes_with_outreach
  union all
  select 'establishment-workers-reached', commune_code, year, day, numerator, upper_numerator, denominator, unknown_places, null, null
    from establishment_workers_reached
  union all
  select 'industrial-workers-reached', commune_code, year, day, numerator, upper_numerator, denominator, unknown_places, null, null
    from industrial_workers_reached
  union all
  select 'students-reached', commune_code, year, day, numerator, upper_numerator, denominator, unknown_places, null, null
    from students_reached
  union all
  select 'press-items', commune_code, year, day, central + local, null, null, 0, central, local from press_items_published
  union all
  select 'communes-with-plan', commune_code, year, day, numerator, null, denominator, 0, null, null from communes_with_plan
  union all
  select 'communes-integrated', commune_code, year, day, numerator, null, denominator, 0, null, null from communes_integrated
  union all
  select 'reports-resolved', commune_code, year, day, numerator, null, denominator, 0, null, null from reports_resolved
  union all
  select 'establishments-inspected', commune_code, year, day, numerator, null, denominator, 0, null, null from establishments_inspected
  union all
  select 'officers-trained', commune_code, year, day, numerator, upper_numerator, denominator, 0, null, null from officers_trained;
comment on view indicator_standings is
  'The ten indicators by commune on every day on which they changed, counted from the first day of each year. As of a day: the '
  'last row up to it; none means 0 of 0.';

-- --------------------------------------------------------------------------------------------- kept by the day

-- What indicator_standings gives, kept for the years in which anything is on record: at 100,000 establishments and
-- 1,000,000 activities the page of all indicators takes some milliseconds from here and over a second from the views.
-- Remade at the end of each transaction, for just the communes and years that it touched, so that no writer can forget it;
-- a test holds it to the views after any writes.
create table indicator_days (
  year int not null references plan_years on delete restrict,
  indicator text not null,
  commune_code text not null,
  day date not null,
  numerator bigint not null check (numerator >= 0),
  upper_numerator bigint check (upper_numerator >= numerator),
  denominator bigint check (denominator >= numerator and denominator >= upper_numerator),
  unknown_places bigint not null,
  central bigint,
  local bigint,
  primary key (year, indicator, commune_code, day)
);

create table recorded_years (
  year int primary key references plan_years on delete restrict
);

-- Emptied again before the transaction that fills it ends. Whoever touches a commune and year that another transaction has
-- touched waits for its end, so that none remakes a standing without the other's rows.
create table stale_standings (
  year int not null,
  indicator text not null,
  commune_code text not null,
  primary key (year, indicator, commune_code)
);

create function remake_standings() returns trigger language plpgsql as $$
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
  end loop;
  return null;
end $$;
create constraint trigger standings_are_remade after insert on stale_standings
  deferrable initially deferred for each row execute function remake_standings();

-- Marks the standings of communes in one year; a year that is new is marked for every commune and for the agencies.
create function mark_standings(touched_indicators text[], touched_year int, touched_communes text[]) returns void language plpgsql as $$
begin
  insert into recorded_years (year) values (touched_year) on conflict do nothing;
  if found then
    insert into stale_standings (year, indicator, commune_code)
    select touched_year, t.indicator, c.code
      from (select distinct indicator from plan_targets) t
     cross join (select code from communes union all select 'province-agencies') c
     order by 1, 2, 3
        on conflict do nothing;
  else
    insert into stale_standings (year, indicator, commune_code)
    select touched_year, i, c from unnest(touched_indicators) i cross join (select distinct c from unnest(touched_communes) c) c
     where c is not null
     order by 1, 2, 3
        on conflict do nothing;
  end if;
end $$;

-- An activity marks the year of its day. Which indicators, day and commune is each kind's own: given as SQL over its rows.
create function mark_activity_standings() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in execute format(
    'select %s as indicators, %s as year, array_agg(distinct %s) as communes from changed_rows r %s group by 1, 2 order by 2, 1',
    tg_argv[0], tg_argv[1], tg_argv[2], tg_argv[3])
  loop
    perform mark_standings(touched.indicators, touched.year, touched.communes);
    -- What a unit states of its officers is carried into the years after.
    if tg_table_name = 'training_records' then
      perform mark_standings(array['officers-trained'], y.year, touched.communes)
         from recorded_years y where y.year > touched.year order by y.year;
    end if;
  end loop;
  return null;
end $$;

-- A place marks every year that is kept.
create function mark_place_standings() returns trigger language plpgsql as $$
declare
  communes_touched text[];
begin
  execute format('select array_agg(distinct %s) from changed_rows r', tg_argv[1]) into communes_touched;
  if communes_touched is not null then
    perform mark_standings(string_to_array(tg_argv[0], ' '), y.year, communes_touched) from recorded_years y order by y.year;
  end if;
  return null;
end $$;

create function watch_standings(watched regclass, marks text, arguments text) returns void language plpgsql as $$
begin
  execute format('create trigger inserted_marks_standings after insert on %s referencing new table as changed_rows for each statement execute function %s(%s)', watched, marks, arguments);
  execute format('create trigger updated_marks_new_standings after update on %s referencing new table as changed_rows for each statement execute function %s(%s)', watched, marks, arguments);
  execute format('create trigger updated_marks_old_standings after update on %s referencing old table as changed_rows for each statement execute function %s(%s)', watched, marks, arguments);
  execute format('create trigger deleted_marks_standings after delete on %s referencing old table as changed_rows for each statement execute function %s(%s)', watched, marks, arguments);
end $$;

select watch_standings(watched::regclass, 'mark_activity_standings', format('%L, %L, %L, %L', indicators, year, commune, joined))
  from (values
    -- A session counts in the commune of the place that it was held for.
    ('outreach_session_records',
     'case when r.audience in (''establishment-workers'', ''industrial-workers'', ''students'') '
     'then array[''communes-with-outreach'', r.audience || ''-reached''] else array[''communes-with-outreach''] end',
     'extract(year from r.held_on)::int', 'c.code',
     'left join establishments e on e.id = r.establishment_id left join industrial_parks p on p.id = r.industrial_park_id '
     'left join schools s on s.id = r.school_id '
     'cross join lateral (values (r.commune_code), (coalesce(e.commune_code, p.commune_code, s.commune_code))) c (code)'),
    ('inspection_records', 'array[''establishments-inspected'']', 'extract(year from r.inspected_on)::int', 'e.commune_code',
     'join establishments e on e.id = r.establishment_id'),
    ('report_records', 'array[''reports-resolved'']', 'extract(year from r.due_on)::int', 'r.commune_code', ''),
    ('commune_plan_records', 'array[''communes-with-plan'', ''communes-integrated'']', 'r.year::int', 'r.commune_code', ''),
    ('training_records', 'array[''officers-trained'']', 'extract(year from r.held_on)::int', 'coalesce(r.commune_code, ''province-agencies'')', ''),
    ('press_item_records', 'array[''press-items'']', 'extract(year from r.published_on)::int', 'coalesce(r.commune_code, ''province-agencies'')', '')
  ) as activities (watched, indicators, year, commune, joined);

select watch_standings(watched::regclass, 'mark_place_standings', format('%L, %L', indicators, commune))
  from (values
    ('establishments', 'establishment-workers-reached establishments-inspected', 'r.commune_code'),
    ('industrial_parks', 'industrial-workers-reached', 'r.commune_code'),
    ('schools', 'students-reached', 'r.commune_code'),
    ('communes', 'communes-with-outreach establishment-workers-reached industrial-workers-reached students-reached press-items '
     'communes-with-plan communes-integrated reports-resolved establishments-inspected officers-trained', 'r.code')
  ) as places (watched, indicators, commune);

-- What is on record already.
select mark_standings('{}', y.year, '{}')
  from (select extract(year from held_on)::int as year from outreach_sessions
        union select extract(year from inspected_on)::int from inspections
        union select extract(year from due_on)::int from reports
        union select year from commune_plans
        union select extract(year from held_on)::int from trainings
        union select extract(year from published_on)::int from press_items) y
 order by y.year;
