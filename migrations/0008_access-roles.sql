-- Who may see what, held by the database: the server connects as a role without any right of its own, and every
-- transaction takes the role of whoever asks (`set local role`) with the settings diaban.actor, diaban.commune and
-- diaban.address. What a role may read and write stands here and in the migrations of what came later; docs/access.md
-- says it in words, and a test holds every table and view to it.
--
-- Roles belong to the whole PostgreSQL server, so that several databases on one server share them.

do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('diaban_planner', 'nologin'), ('diaban_inspector', 'nologin'), ('diaban_leader', 'nologin'), ('diaban_commune', 'nologin'),
      ('diaban_admin', 'nologin'), ('diaban_visitor', 'nologin'), ('diaban_application', 'login')) as roles (name, may_log_in)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      begin
        execute format('create role %I %s noinherit', wanted.name, wanted.may_log_in);
      exception
        when duplicate_object or unique_violation then null; -- another database's migration was faster
        when insufficient_privilege then
          raise exception 'the role % does not exist and % may not create it', wanted.name, current_user
            using hint = 'Have an administrator of the server create the seven roles: docs/operations.md says how.';
      end;
    end if;
  end loop;
  -- Member of all, with the rights of none until a transaction takes one.
  for wanted in
    select unnest(array['diaban_planner', 'diaban_inspector', 'diaban_leader', 'diaban_commune', 'diaban_admin', 'diaban_visitor']) as name
  loop
    if not pg_has_role('diaban_application', wanted.name, 'member') then
      begin
        execute format('grant %I to diaban_application', wanted.name);
      exception
        when unique_violation then null;
        -- two databases of one server grant at once
        when internal_error then
          if sqlerrm not like '%concurrently%' then raise; end if;
      end;
    end if;
  end loop;
end $$;

-- The role of whoever asks; null for the owner, who migrates, imports and runs the command line. From the setting, so that
-- it says the same inside of functions that run with their owner's rights.
create function acting_role() returns text language sql stable parallel safe as $$
  select case current_setting('role')
           when 'diaban_planner' then 'planner' when 'diaban_inspector' then 'inspector' when 'diaban_leader' then 'leader'
           when 'diaban_commune' then 'commune' when 'diaban_admin' then 'admin' when 'diaban_visitor' then 'visitor'
         end
$$;

-- The commune of a commune's account; null for everybody else.
create function own_commune() returns text language sql stable parallel safe as $$
  select nullif(current_setting('diaban.commune', true), '')
$$;

-- Whether this transaction has written down that it reads single premises. A later migration gives it its meaning.
create function reading_is_logged() returns boolean language sql stable parallel safe as $$
  select true
$$;

-- What triggers keep is nobody's to write: they run with their owner's rights.
do $$
declare
  kept text;
begin
  foreach kept in array array[
    'move_data_version()', 'request_commune_tile_outlines()', 'remake_commune_tile_outlines()', 'outlines_changed()', 'count_places()',
    'number_activity_version()', 'keep_activity_history()', 'refuse_erasing_activities()', 'refuse_rewriting_history()',
    'remake_standings()', 'mark_activity_standings()', 'mark_place_standings()']
  loop
    execute format('alter function %s security definer set search_path = pg_catalog, public, pg_temp', kept);
  end loop;
  foreach kept in array array[
    'make_commune_tile_outlines(integer)', 'mark_standings(text[], integer, text[])', 'watch_standings(regclass, text, text)',
    'watch_places(regclass, text)', 'watch_data_version(regclass)', 'begin_first_load(regclass)', 'end_first_load(regclass, text[], text)']
  loop
    execute format('revoke execute on function %s from public', kept);
  end loop;
end $$;

-- ------------------------------------------------------------------------------------------- who recorded it

-- A count of 1–4 is kept from every role but the one that recorded it. What is imported comes from the communes' books.
do $$
declare
  recorded text;
begin
  foreach recorded in array array[
    'outreach_session_records', 'inspection_records', 'report_records', 'commune_plan_records', 'training_records', 'press_item_records']
  loop
    execute format($add$
      alter table %I add recorded_role text not null default coalesce(acting_role(), 'commune')
        check (recorded_role in ('planner', 'inspector', 'commune'))$add$, recorded);
  end loop;
end $$;

-- As in 0003, but that who recorded stays, and a row which another role recorded is a new version even where it says what is there already: or the
-- number of the version would tell whoever corrects it whether a hidden count was guessed.
create or replace function number_activity_version() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if new is not distinct from old
     and not (tg_table_name in ('outreach_session_records', 'training_records')
              and coalesce(acting_role() <> old.recorded_role, false)) then
    return new;
  end if;
  if old.withdrawn_at is not null and (new.withdrawn_at, new.withdrawal_reason) is distinct from (old.withdrawn_at, old.withdrawal_reason) then
    raise exception 'a withdrawn row stays withdrawn (% %): record the activity anew', tg_table_name, old.id;
  end if;
  new.id := old.id;
  new.recorded_at := old.recorded_at;
  new.recorded_by := old.recorded_by;
  new.recorded_role := old.recorded_role;
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

-- -------------------------------------------------------------------------------------------------- reference

grant select on provinces, neighbour_provinces, communes, commune_outlines, commune_tile_outlines, border_areas, establishment_categories,
  plan_years, plan_quarters, plan_targets, outreach_forms, recorded_years
  to diaban_planner, diaban_inspector, diaban_leader, diaban_commune, diaban_admin;
grant select on data_version
  to diaban_planner, diaban_inspector, diaban_leader, diaban_commune, diaban_admin, diaban_visitor;
grant select on applied_migrations to diaban_visitor;
grant select on data_imports to diaban_admin;

-- Whether what is shown is the simulated province: what every screen says, signed in or not.
create function holds_demo() returns boolean language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from communes where simulated) or exists (select from establishments where simulated)
$$;

-- ----------------------------------------------------------------------------------------------------- places

alter table industrial_parks enable row level security;
alter table dormitories enable row level security;
alter table schools enable row level security;
alter table establishments enable row level security;

grant select on industrial_parks, dormitories, schools to diaban_planner, diaban_inspector, diaban_leader, diaban_commune;
grant select on establishments to diaban_planner, diaban_inspector, diaban_commune;
-- Counts by hexagon name no premises.
grant select on place_triangles to diaban_planner, diaban_inspector, diaban_leader;

create policy whole_province on industrial_parks for select to diaban_planner, diaban_inspector, diaban_leader using (true);
create policy whole_province on dormitories for select to diaban_planner, diaban_inspector, diaban_leader using (true);
create policy whole_province on schools for select to diaban_planner, diaban_inspector, diaban_leader using (true);
create policy own_commune on industrial_parks for select to diaban_commune using (commune_code = (select own_commune()));
create policy own_commune on dormitories for select to diaban_commune using (commune_code = (select own_commune()));
create policy own_commune on schools for select to diaban_commune using (commune_code = (select own_commune()));

create policy whole_province on establishments for select to diaban_planner, diaban_inspector using ((select reading_is_logged()));
create policy own_commune on establishments for select to diaban_commune
  using (commune_code = (select own_commune()) and (select reading_is_logged()));

-- ------------------------------------------------------------------------------------------------- activities

do $$
declare
  recorded text;
begin
  foreach recorded in array array[
    'outreach_session_records', 'inspection_records', 'report_records', 'commune_plan_records', 'training_records', 'press_item_records',
    'activity_history', 'idempotency_keys']
  loop
    execute format('alter table %I enable row level security', recorded);
  end loop;
end $$;

-- Nothing is granted that deletes: what was recorded is withdrawn.
grant select, insert, update on outreach_session_records to diaban_planner, diaban_commune;
grant select on outreach_sessions to diaban_planner, diaban_commune;
create policy whole_province on outreach_session_records to diaban_planner using (true) with check (true);
create policy own_commune on outreach_session_records to diaban_commune
  using (commune_code = (select own_commune()))
  with check (
    commune_code = (select own_commune())
    -- and held for a place of its own: of others it sees no row
    and (industrial_park_id is null or exists (select from industrial_parks p where p.id = industrial_park_id))
    and (dormitory_id is null or exists (select from dormitories d where d.id = dormitory_id))
    and (school_id is null or exists (select from schools s where s.id = school_id))
    and (establishment_id is null or exists (select from establishments e where e.id = establishment_id)));

grant select, insert, update on inspection_records to diaban_planner, diaban_inspector, diaban_commune;
grant select on inspections to diaban_planner, diaban_inspector, diaban_commune;
create policy whole_province on inspection_records to diaban_planner, diaban_inspector using ((select reading_is_logged())) with check (true);
-- A commune sees every inspection of its establishments; it records and changes those of its own team, and cannot make one of
-- the province's team its own.
create policy own_commune on inspection_records for select to diaban_commune
  using (establishment_id in (select id from establishments));
create policy own_team_records on inspection_records for insert to diaban_commune
  with check (team_level = 'commune' and exists (select from establishments e where e.id = establishment_id));
create policy own_team_changes on inspection_records for update to diaban_commune
  using (team_level = 'commune' and establishment_id in (select id from establishments))
  with check (team_level = 'commune' and exists (select from establishments e where e.id = establishment_id));

-- Tin báo: a row is a count of one, seen by the role that recorded it alone.
grant select, insert, update on report_records to diaban_planner, diaban_inspector, diaban_commune;
grant select on reports to diaban_planner, diaban_inspector, diaban_commune;
create policy own_records on report_records to diaban_planner using (recorded_role = 'planner') with check (recorded_role = 'planner');
create policy own_records_of_inspectors on report_records to diaban_inspector using (recorded_role = 'inspector') with check (recorded_role = 'inspector');
create policy own_commune on report_records to diaban_commune
  using (recorded_role = 'commune' and commune_code = (select own_commune()))
  with check (recorded_role = 'commune' and commune_code = (select own_commune()));

grant select, insert, update on commune_plan_records, press_item_records to diaban_planner, diaban_commune;
grant select on commune_plan_records, press_item_records to diaban_inspector, diaban_leader;
grant select on commune_plans, press_items to diaban_planner, diaban_commune, diaban_inspector, diaban_leader;
create policy whole_province on commune_plan_records to diaban_planner using (true) with check (true);
create policy whole_province on press_item_records to diaban_planner using (true) with check (true);
create policy read_whole_province on commune_plan_records for select to diaban_inspector, diaban_leader using (true);
create policy read_whole_province on press_item_records for select to diaban_inspector, diaban_leader using (true);
create policy own_commune on commune_plan_records to diaban_commune
  using (commune_code = (select own_commune())) with check (commune_code = (select own_commune()));
create policy own_commune on press_item_records to diaban_commune
  using (commune_code = (select own_commune())) with check (commune_code = (select own_commune()));

grant select, insert, update on training_records to diaban_planner, diaban_commune;
grant select on trainings to diaban_planner, diaban_commune;
create policy whole_province on training_records to diaban_planner using (true) with check (true);
create policy own_commune on training_records to diaban_commune
  using (commune_code = (select own_commune())) with check (commune_code = (select own_commune()));

-- Versions of the rows that one may see; written by triggers alone.
grant select on activity_history to diaban_planner, diaban_inspector, diaban_commune;
create policy of_visible_rows on activity_history for select to diaban_planner, diaban_commune using (
  case kind
    when 'outreach' then exists (select from outreach_session_records r where r.id = activity_id)
    when 'inspections' then exists (select from inspection_records r where r.id = activity_id)
    when 'reports' then exists (select from report_records r where r.id = activity_id)
    when 'commune-plans' then exists (select from commune_plan_records r where r.id = activity_id)
    when 'training' then exists (select from training_records r where r.id = activity_id)
    when 'press-items' then exists (select from press_item_records r where r.id = activity_id)
  end);
create policy of_visible_inspections on activity_history for select to diaban_inspector using (
  case kind
    when 'inspections' then exists (select from inspection_records r where r.id = activity_id)
    when 'reports' then exists (select from report_records r where r.id = activity_id)
    else false
  end);

grant select, insert, update, delete on idempotency_keys to diaban_planner, diaban_inspector, diaban_commune;
create policy own_keys on idempotency_keys to diaban_planner, diaban_inspector, diaban_commune
  using (actor = (select current_actor())) with check (actor = (select current_actor()));
