-- Reports older than the province keeps them become counts by commune and month, and their rows go, with their history.
-- What the years before stood at stays what it was at every month's end: reports_resolved reads the counts beside the rows.

create table report_month_counts (
  commune_code text not null references communes on delete restrict,
  month date not null check (extract(day from month) = 1),
  simulated boolean not null default false,
  -- received in the month; due in the month, and of those resolved by the day on which they were due, or later
  received integer not null default 0 check (received >= 0),
  due integer not null default 0 check (due >= 0),
  resolved_in_time integer not null default 0 check (resolved_in_time >= 0),
  resolved_late integer not null default 0 check (resolved_late >= 0),
  check (resolved_in_time + resolved_late <= due),
  primary key (commune_code, month, simulated)
);
comment on table report_month_counts is
  'Reports whose rows went when their time of keeping ended: how many by commune and month. Granted to no role: counts of 1 to 4 are small.';

-- One row for each time that reports went: which may not come back, or they would be counted twice.
create table retention_runs (
  id bigint generated always as identity primary key,
  due_before date not null check (extract(day from due_before) = 1),
  ran_at timestamptz not null default now(),
  ran_in xid8 not null default pg_current_xact_id(),
  reports integer not null default 0,
  withdrawn integer not null default 0
);
create index on retention_runs (due_before);

alter table report_month_counts enable row level security;
alter table retention_runs enable row level security;

select watch_data_version('report_month_counts');
-- As with rows: the standings of what changed are made anew at the end of the transaction.
select watch_standings('report_month_counts', 'mark_activity_standings',
  format('%L, %L, %L, %L', 'array[''reports-resolved'']', 'extract(year from r.month)::int', 'r.commune_code', ''));

create or replace view reports_resolved with (security_invoker = true) as
  with counted as (
    select r.commune_code, r.due_on as day, 1 as due, (r.resolved_on <= r.due_on)::int as in_time from reports r
    union all
    -- of a month whose rows went, the days are not known any more: it counts from its last
    select m.commune_code, (m.month + interval '1 month')::date - 1, m.due, m.resolved_in_time from report_month_counts m where m.due > 0
  ), by_day as (
    select commune_code, extract(year from day)::int as year, day, sum(due) as due, coalesce(sum(in_time), 0) as in_time
      from counted group by 1, 2, 3
  )
  select commune_code, year, day, (sum(in_time) over so_far)::bigint as numerator, (sum(due) over so_far)::bigint as denominator
    from by_day
  window so_far as (partition by commune_code, year order by day);

-- A real row goes in one way alone: in the transaction of a run, when it is old enough for it. The rest of the function is
-- as it was.
create or replace function refuse_erasing_activities() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  kept boolean := not old.simulated;
begin
  if kept and tg_table_name = 'report_records' then
    kept := not exists (
      select from retention_runs
       where ran_in = pg_current_xact_id() and greatest(old.due_on, old.resolved_on) < due_before);
  end if;
  if kept then
    raise exception 'a row of % is real and cannot be deleted (%): withdraw it', tg_table_name, old.id;
  end if;
  delete from activity_history where kind = tg_argv[0] and activity_id = old.id;
  return null;
end $$;

-- Whatever deletes a row in a run, its counts are written by the same statement: none goes uncounted.
create function count_reports_that_go() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from retention_runs where ran_in = pg_current_xact_id()) then
    return null; -- the demo is removed
  end if;
  insert into report_month_counts as c (commune_code, month, simulated, received, due, resolved_in_time, resolved_late)
  select commune_code, date_trunc('month', day::timestamp)::date, simulated, sum(received), sum(due), sum(in_time), sum(late)
    from (select commune_code, simulated, received_on as day, 1 as received, 0 as due, 0 as in_time, 0 as late
            from gone where withdrawn_at is null
          union all
          select commune_code, simulated, due_on, 0, 1, (resolved_on is not null and resolved_on <= due_on)::int,
                 (resolved_on is not null and resolved_on > due_on)::int
            from gone where withdrawn_at is null) as counted
   group by 1, 2, 3
   order by 1, 2, 3
      on conflict (commune_code, month, simulated) do update
     set received = c.received + excluded.received, due = c.due + excluded.due,
         resolved_in_time = c.resolved_in_time + excluded.resolved_in_time, resolved_late = c.resolved_late + excluded.resolved_late;
  return null;
end $$;
create trigger reports_that_go_are_counted after delete on report_records
  referencing old table as gone for each statement execute function count_reports_that_go();

-- A report that was counted and went would be counted again when its file is imported once more.
create function refuse_reports_past_keeping() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  kept_from date;
begin
  select max(due_before) into kept_from from retention_runs;
  if new.due_on < kept_from then
    raise exception 'reports that were due before % are kept as counts alone', kept_from
      using errcode = 'check_violation', constraint = 'report_is_within_keeping';
  end if;
  return new;
end $$;
create trigger reports_are_within_keeping before insert on report_records
  for each row execute function refuse_reports_past_keeping();

-- The first day of which reports are kept as rows; null before the first run. What imports and the API ask beforehand.
create function reports_kept_from() returns date language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select max(due_before) from retention_runs
$$;

-- Folds every report that was due, and resolved if it was, before a month: all in the transaction that calls it, or
-- nothing. Unresolved ones go too: what was due so long ago is no work any more, and stays counted as not resolved in time.
create function fold_old_reports(due_before date) returns retention_runs language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
  run retention_runs;
begin
  if acting_role() is not null then
    raise exception 'only the keeper of the database ends the time of keeping' using errcode = 'insufficient_privilege';
  end if;
  if due_before <> date_trunc('month', due_before::timestamp)::date then
    raise exception 'whole months go: % is no first day of one', due_before using errcode = 'invalid_parameter_value';
  end if;
  -- The plan's year and the one before are read by the day.
  if due_before > (date_trunc('month', now()) - interval '24 months')::date then
    raise exception 'reports are kept for 24 months at least' using errcode = 'invalid_parameter_value';
  end if;
  insert into retention_runs (due_before) values (fold_old_reports.due_before) returning * into run;
  with gone as (
    delete from report_records r
     where greatest(r.due_on, r.resolved_on) < fold_old_reports.due_before
    returning r.withdrawn_at
  )
  update retention_runs
     set reports = counts.standing, withdrawn = counts.withdrawn
    from (select count(*) filter (where withdrawn_at is null) as standing, count(*) filter (where withdrawn_at is not null) as withdrawn
            from gone) as counts
   where id = run.id
  returning retention_runs.* into run;
  perform record_audit_event('retention', jsonb_build_object(
    'due_before', run.due_before,
    -- a count of 1 to 4 is small here too
    'reports', case when run.reports between 1 and 4 then null else run.reports end,
    'withdrawn', case when run.withdrawn between 1 and 4 then null else run.withdrawn end));
  return run;
end $$;

revoke execute on function count_reports_that_go(), refuse_reports_past_keeping(), reports_kept_from(), fold_old_reports(date) from public;
grant execute on function reports_kept_from() to diaban_planner, diaban_inspector, diaban_commune;
