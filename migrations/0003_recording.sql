-- Activities are recorded, corrected and withdrawn, and nothing of it is lost: a withdrawn row stays, marked; a changed
-- one leaves what it was in activity_history; a real one cannot be deleted. All of it holds here, in triggers, so that no
-- path (API, import, a console) can forget it.
--
-- The tables become `*_records`. The names that readers know become views of the rows that stand, so that every figure is
-- right without knowing of withdrawals. What must see all rows (imports, removal of the demo, merged communes) names the
-- tables.

alter table outreach_sessions rename to outreach_session_records;
alter table inspections rename to inspection_records;
alter table reports rename to report_records;
alter table commune_plans rename to commune_plan_records;
alter table trainings rename to training_records;
alter table press_items rename to press_item_records;

-- A commune may record what was published of its own; null: the province's agencies.
alter table press_item_records add commune_code text references communes on delete restrict;
create index on press_item_records (commune_code, published_on);
create index on training_records (commune_code, held_on);
-- What was held for a place; a session is in one of them at most.
create index on outreach_session_records (industrial_park_id, held_on) where industrial_park_id is not null;
create index on outreach_session_records (dormitory_id, held_on) where dormitory_id is not null;
create index on outreach_session_records (school_id, held_on) where school_id is not null;
create index on outreach_session_records (establishment_id, held_on) where establishment_id is not null;

-- Who acts in this transaction: set with set_config('diaban.actor', …, true). An account, never a person's name.
create function current_actor() returns text language sql stable as $$
  select coalesce(nullif(current_setting('diaban.actor', true), ''), 'import')
$$;

create table activity_history (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('outreach', 'inspections', 'reports', 'commune-plans', 'training', 'press-items')),
  activity_id bigint not null,
  -- the version that `was` had, and the whole row as it was
  version integer not null,
  was jsonb not null,
  -- what ended that version
  change text not null check (change in ('corrected', 'withdrawn', 'imported')),
  changed_at timestamptz not null,
  changed_by text not null,
  unique (kind, activity_id, version)
);

create function number_activity_version() returns trigger language plpgsql as $$
begin
  if new is not distinct from old then
    return new;
  end if;
  if old.withdrawn_at is not null and (new.withdrawn_at, new.withdrawal_reason) is distinct from (old.withdrawn_at, old.withdrawal_reason) then
    raise exception 'a withdrawn row stays withdrawn (% %): record the activity anew', tg_table_name, old.id;
  end if;
  new.id := old.id;
  new.recorded_at := old.recorded_at;
  new.recorded_by := old.recorded_by;
  new.version := old.version + 1;
  new.changed_at := now();
  new.changed_by := current_actor();
  -- The reason alone is set by whoever withdraws.
  if old.withdrawn_at is null and new.withdrawal_reason is not null then
    new.withdrawn_at := now();
    new.withdrawn_by := current_actor();
  end if;
  return new;
end $$;

-- Row by row: over transition tables, whose size the planner does not know, 21,800 changed rows were joined with themselves
-- in 76 s; so they are kept in 0.5 s.
create function keep_activity_history() returns trigger language plpgsql as $$
begin
  insert into activity_history (kind, activity_id, version, was, change, changed_at, changed_by)
  values (tg_argv[0], old.id, old.version, to_jsonb(old),
          case when new.withdrawn_at is not null and old.withdrawn_at is null then 'withdrawn'
               when new.changed_by = 'import' then 'imported'
               else 'corrected' end,
          new.changed_at, new.changed_by);
  return null;
end $$;

-- Simulated rows go with their history when the demo is removed; no other row goes.
create function refuse_erasing_activities() returns trigger language plpgsql as $$
begin
  if not old.simulated then
    raise exception 'a row of % is real and cannot be deleted (%): withdraw it', tg_table_name, old.id;
  end if;
  delete from activity_history where kind = tg_argv[0] and activity_id = old.id;
  return null;
end $$;

create function refuse_rewriting_history() returns trigger language plpgsql as $$
begin
  -- Within the trigger above, which removes what was simulated.
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'activity_history is written once and never changed';
end $$;
create trigger history_is_kept before update or delete on activity_history
  for each row execute function refuse_rewriting_history();
create trigger history_is_not_emptied before truncate on activity_history
  for each statement execute function refuse_rewriting_history();

create function record_activities(table_name text, kind text, view_name text, day text) returns void language plpgsql as $$
begin
  execute format($add$
    alter table %1$I
      add version integer not null default 1 check (version >= 1),
      add recorded_by text not null default 'import' check (recorded_by <> ''),
      add changed_at timestamptz,
      add changed_by text check (changed_by <> ''),
      add withdrawn_at timestamptz,
      add withdrawn_by text check (withdrawn_by <> ''),
      -- a list and never free text, which would tell of persons; contract/activities.ts says what each means
      add withdrawal_reason text
        check (withdrawal_reason in ('duplicate', 'mistaken', 'not-held', 'other-commune', 'trial', 'superseded')),
      add check (num_nonnulls(changed_at, changed_by) in (0, 2)),
      add check (num_nonnulls(withdrawn_at, withdrawn_by, withdrawal_reason) in (0, 3))$add$, table_name);
  -- after the rows that are there, which were imported
  execute format('alter table %I alter recorded_by set default current_actor()', table_name);
  execute format('create trigger changed_rows_are_numbered before update on %I for each row execute function number_activity_version()', table_name);
  execute format('create trigger changed_rows_leave_history after update on %I for each row when (new.version > old.version) execute function keep_activity_history(%L)', table_name, kind);
  execute format('create trigger real_rows_are_not_deleted after delete on %I for each row execute function refuse_erasing_activities(%L)', table_name, kind);
  execute format('create view %I with (security_invoker = true) as select * from %I where withdrawn_at is null', view_name, table_name);
  execute format('comment on view %I is %L', view_name, 'Rows of ' || table_name || ' that stand: not withdrawn.');
  -- Whether any row is real, and the last simulated day, each in one step; and how many rows stand, from the index alone.
  execute format('create index on %I (simulated, %I) where withdrawn_at is null', table_name, day);
end $$;

select record_activities(table_name, kind, view_name, day)
  from (values
    ('outreach_session_records', 'outreach', 'outreach_sessions', 'held_on'),
    ('inspection_records', 'inspections', 'inspections', 'inspected_on'),
    ('report_records', 'reports', 'reports', 'received_on'),
    ('commune_plan_records', 'commune-plans', 'commune_plans', 'issued_on'),
    ('training_records', 'training', 'trainings', 'held_on'),
    ('press_item_records', 'press-items', 'press_items', 'published_on')
  ) as activities (table_name, kind, view_name, day);
drop function record_activities(text, text, text, text);

-- One standing plan for a commune and a year; beside it any number of withdrawn ones. References, on the other hand, stay
-- unique over all rows: a paper that was withdrawn is not entered again under its number, but anew under another.
alter table commune_plan_records drop constraint commune_plans_commune_code_year_key;
create unique index commune_plan_records_standing on commune_plan_records (commune_code, year) where withdrawn_at is null;

-- A key that an asker sent with what it asked to be recorded: the same key and the same body get the same answer, and one
-- row. Kept for seven days. `body_hash` is taken of the record, after a report's position has become its cell.
create table idempotency_keys (
  actor text not null,
  key text not null check (key <> ''),
  request text not null,
  body_hash text not null check (body_hash ~ '^[0-9a-f]{64}$'),
  -- null only within the transaction that makes the row
  activity_id bigint,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (actor, key)
);
create index on idempotency_keys (created_at);
