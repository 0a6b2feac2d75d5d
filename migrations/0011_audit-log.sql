-- Who read and changed what, when and from where. Written by the database itself, in the transaction that reads or changes,
-- and by nobody else: no role has any right on these tables, only EXECUTE on the functions below, which take who acts from
-- the transaction and never as a parameter. Lines are chained by hash once their transaction has ended, so that one that was
-- altered, removed, put in or moved shows. docs/decisions/0007-audit-log.md says why it is so, and what it does not prove.

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- both together say which transaction: after a restore its number alone may come again
  transaction xid8 not null default pg_current_xact_id(),
  began_at timestamptz not null default now(),
  event text not null check (event ~ '^[a-z]+(-[a-z]+)*$'),
  -- null: nobody was signed in
  account text,
  role text not null,
  commune text,
  address text,
  endpoint text,
  filters jsonb,
  -- rows about single premises that left the server
  row_count integer check (row_count >= 0),
  facts jsonb,
  -- An activity's row before and after. Not part of what is hashed but for its digest, so that the chain can be checked by
  -- whom these values are not for: an admin reads the log and no activities. The salt keeps them from being guessed.
  content jsonb,
  content_salt uuid,
  content_digest text,
  check (num_nonnulls(content, content_salt, content_digest) in (0, 3))
);
create index on audit_log (at, id);
create index on audit_log (account, at, id);

-- The chain: `hash` is the SHA-256 of audit_entry(line, position, previous).
create table audit_seals (
  position bigint primary key check (position >= 1),
  line bigint not null unique references audit_log on delete restrict,
  previous text not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz not null default clock_timestamp()
);

-- Lines that wait to be sealed. No index: it is read whole, and empty but for the last second.
create table audit_unsealed (
  line bigint not null
);

-- For who owns them too, and in a replica's session: a line is completed within its own transaction and never touched again.
create function refuse_rewriting_audit_log() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'audit_log' then
    if old.transaction = pg_current_xact_id() and old.began_at = now()
       and (old.id, old.at, old.transaction, old.began_at, old.account, old.role, old.commune, old.address, old.endpoint, old.filters, old.content_digest)
           is not distinct from
           (new.id, new.at, new.transaction, new.began_at, new.account, new.role, new.commune, new.address, new.endpoint, new.filters, new.content_digest) then
      return new;
    end if;
  end if;
  raise exception '% is written once and never changed', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger lines_are_kept before update or delete on audit_log for each row execute function refuse_rewriting_audit_log();
create trigger log_is_not_emptied before truncate on audit_log for each statement execute function refuse_rewriting_audit_log();
create trigger seals_are_kept before update or delete on audit_seals for each row execute function refuse_rewriting_audit_log();
create trigger chain_is_not_emptied before truncate on audit_seals for each statement execute function refuse_rewriting_audit_log();
alter table audit_log enable always trigger lines_are_kept;
alter table audit_log enable always trigger log_is_not_emptied;
alter table audit_seals enable always trigger seals_are_kept;
alter table audit_seals enable always trigger chain_is_not_emptied;

-- ------------------------------------------------------------------------------------------------ writing lines

-- Who acts: the account, the role of the transaction, the commune and the address. A transaction that has taken a role and
-- no account is refused.
create function audit_line(event text, endpoint text, filters jsonb, facts jsonb, content jsonb) returns bigint language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
  made bigint;
  asking constant text := acting_role();
  salt constant uuid := case when content is not null then gen_random_uuid() end;
begin
  if asking is not null and nullif(current_setting('diaban.actor', true), '') is null then
    raise exception 'a transaction of the role % says no account', asking using errcode = 'insufficient_privilege';
  end if;
  insert into audit_log (event, account, role, commune, address, endpoint, filters, facts, content, content_salt, content_digest)
  values (event, case when asking is distinct from 'visitor' then current_actor() end, coalesce(asking, 'owner'), own_commune(),
          nullif(current_setting('diaban.address', true), ''), endpoint, filters, facts,
          content, salt, encode(sha256(convert_to(salt::text || content::text, 'UTF8')), 'hex'))
  returning id into made;
  insert into audit_unsealed (line) values (made);
  return made;
end $$;

-- Opens the reading of single premises: from here to end_premises_reading the policies of this transaction show them.
create function begin_premises_reading(endpoint text, filters jsonb) returns bigint language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  made bigint;
begin
  if endpoint is null or length(endpoint) not between 1 and 300 or jsonb_typeof(filters) is distinct from 'object' or length(filters::text) > 20000 then
    raise exception 'a reading of premises needs its endpoint and an object of filters' using errcode = 'invalid_parameter_value';
  end if;
  made := audit_line('premises-read', endpoint, filters, null, null);
  perform set_config('diaban.audit_line', made::text, true);
  return made;
end $$;

-- Closes it, once, with how many rows about single premises are about to leave; nothing more is shown afterwards.
create function end_premises_reading(rows_left integer, not_modified boolean default false) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if rows_left is null then
    raise exception 'say how many rows about single premises leave' using errcode = 'invalid_parameter_value';
  end if;
  update audit_log l
     set row_count = rows_left, facts = case when not_modified then '{"notModified": true}'::jsonb end
   where l.id = nullif(current_setting('diaban.audit_line', true), '')::bigint
     and l.event = 'premises-read' and l.transaction = pg_current_xact_id() and l.began_at = now() and l.row_count is null;
  if not found then
    raise exception 'no reading of premises is open in this transaction' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- What the policies on single premises ask, once for each statement. The setting only says where to look: what counts is the
-- line, of this transaction and of who acts now. It refuses rather than hides: rows that are silently missing would make a
-- figure of 0 out of a mistake.
create or replace function reading_is_logged() returns boolean language plpgsql stable parallel safe security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (
    select from audit_log l
     where l.id = nullif(current_setting('diaban.audit_line', true), '')::bigint
       and l.event = 'premises-read' and l.transaction = pg_current_xact_id_if_assigned() and l.began_at = now() and l.row_count is null
       and l.account = current_actor() and l.role = acting_role()) then
    return true;
  end if;
  raise exception 'single premises are read only in a transaction that is on the audit log' using
    errcode = 'insufficient_privilege', hint = 'Call begin_premises_reading first, in the same transaction.';
end $$;

-- What signs people in, keeps accounts or removes what is old tells the log here. What the database writes itself is refused.
create function record_audit_event(event text, facts jsonb) returns bigint language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if event in ('premises-read', 'imported', 'rows-changed', 'log-read', 'log-exported', 'line-missing') or event like 'activity-%' then
    raise exception 'the database alone writes % on the audit log', event using errcode = 'insufficient_privilege';
  end if;
  if facts is not null and (jsonb_typeof(facts) <> 'object' or length(facts::text) > 4000) then
    raise exception 'the facts of an event are an object of at most 4,000 characters' using errcode = 'invalid_parameter_value';
  end if;
  return audit_line(event, null, null, facts, null);
end $$;

-- ---------------------------------------------------------------------------------------------------- changes

-- Each row that somebody with a role records, corrects or withdraws: before and after. Of a report all but its cell, which
-- would outlive the report here.
create function log_activity_change() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  before constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - 'h3_cell' end;
  after constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - 'h3_cell' end;
  moved_cell constant boolean := tg_table_name = 'report_records' and tg_op = 'UPDATE' and to_jsonb(old) -> 'h3_cell' is distinct from to_jsonb(new) -> 'h3_cell';
  fields text[];
begin
  if tg_op = 'UPDATE' and new.version = old.version then
    return null;
  end if;
  select array_agg(key order by key) into fields
    from (select key from jsonb_each(coalesce(after, before))
           where value <> 'null' and (before is null or after is null or value is distinct from before -> key)
          union
          select key from jsonb_each(before) where after is not null and value is distinct from after -> key
          union
          select 'h3_cell' where moved_cell
          union
          -- Of what another role recorded, whether a count that was not told is the one that was sent is not told either.
          select counted from unnest(array['attendance', 'officers_attending', 'officers_in_post']) as counted
           where tg_op = 'UPDATE' and old.recorded_role <> acting_role() and after ? counted) as changed
   where key not in ('id', 'version', 'recorded_at', 'recorded_by', 'recorded_role', 'changed_at', 'changed_by', 'withdrawn_at', 'withdrawn_by');
  perform audit_line(
    case when tg_op = 'INSERT' then 'activity-recorded'
         when tg_op = 'DELETE' then 'activity-deleted'
         when old.withdrawn_at is null and new.withdrawn_at is not null then 'activity-withdrawn'
         else 'activity-corrected' end,
    nullif(current_setting('diaban.endpoint', true), ''), null,
    jsonb_build_object('kind', tg_argv[0], 'id', coalesce(after, before) -> 'id', 'version', coalesce(after, before) -> 'version', 'fields', coalesce(fields, '{}')),
    jsonb_build_object('before', before, 'after', after));
  return null;
end $$;

-- What the owner changes goes by the hundred thousand: one line for a transaction, with how many rows of which table. The
-- counts are gathered in a setting of the transaction and written at its end: a line that is updated once for each of 10,000
-- statements is a chain of 10,000 versions, which every update walks.
create function log_owner_change() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  changed bigint := 0;
  gathered jsonb;
  path constant text[] := array[tg_table_name, lower(tg_op)];
begin
  if tg_op <> 'TRUNCATE' then
    select count(*) into changed from changed_rows;
    if changed = 0 then
      return null;
    end if;
  end if;
  perform open_owner_line();
  gathered := current_setting('diaban.owner_tables')::jsonb;
  if not gathered ? tg_table_name then
    gathered := gathered || jsonb_build_object(tg_table_name, '{}'::jsonb);
  end if;
  perform set_config('diaban.owner_tables', jsonb_set(gathered, path, to_jsonb(coalesce((gathered #>> path)::bigint, 0) + changed))::text, true);
  return null;
end $$;

create function open_owner_line() returns void language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if nullif(current_setting('diaban.owner_tables', true), '') is null then
    perform set_config('diaban.owner_tables', '{}', true);
    perform set_config('diaban.owner_imports', '[]', true);
    perform audit_line('rows-changed', null, null, null, null);
  end if;
end $$;

create function log_import() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform open_owner_line();
  perform set_config('diaban.owner_imports', (current_setting('diaban.owner_imports')::jsonb || jsonb_build_object(
    'kind', new.kind, 'source', new.source, 'sha256', new.sha256, 'rows', new.row_count, 'changed', new.changed_count, 'simulated', new.simulated))::text, true);
  return null;
end $$;
create trigger imports_are_logged after insert on data_imports for each row execute function log_import();

create function complete_owner_line() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  imports constant jsonb := current_setting('diaban.owner_imports')::jsonb;
begin
  update audit_log l
     set event = case when imports <> '[]' then 'imported' else l.event end,
         facts = jsonb_build_object('imports', imports, 'tables', current_setting('diaban.owner_tables')::jsonb)
   where l.id = new.id;
  -- What a later statement of this transaction changes gets a line of its own (`set constraints … immediate`).
  perform set_config('diaban.owner_tables', '', true);
  return null;
end $$;
create constraint trigger owner_lines_are_completed after insert on audit_log deferrable initially deferred
  for each row when (new.event = 'rows-changed') execute function complete_owner_line();

do $$
declare
  watched record;
begin
  for watched in
    select * from (values
      ('outreach_session_records', 'outreach'), ('inspection_records', 'inspections'), ('report_records', 'reports'),
      ('commune_plan_records', 'commune-plans'), ('training_records', 'training'), ('press_item_records', 'press-items'),
      ('communes', null), ('establishments', null), ('industrial_parks', null), ('dormitories', null), ('schools', null)
    ) as tables (name, kind)
  loop
    if watched.kind is not null then
      execute format('create trigger changes_are_logged after insert or update or delete on %I for each row when (current_setting(''role'') <> ''none'') execute function log_activity_change(%L)', watched.name, watched.kind);
    end if;
    execute format('create trigger inserts_of_the_owner_are_logged after insert on %I referencing new table as changed_rows for each statement when (current_setting(''role'') = ''none'') execute function log_owner_change()', watched.name);
    execute format('create trigger updates_of_the_owner_are_logged after update on %I referencing new table as changed_rows for each statement when (current_setting(''role'') = ''none'') execute function log_owner_change()', watched.name);
    execute format('create trigger deletions_of_the_owner_are_logged after delete on %I referencing old table as changed_rows for each statement when (current_setting(''role'') = ''none'') execute function log_owner_change()', watched.name);
    execute format('create trigger emptying_is_logged after truncate on %I for each statement execute function log_owner_change()', watched.name);
  end loop;
end $$;

-- ---------------------------------------------------------------------------------------------------- sealing

-- What is hashed: the line with its place in the chain, as jsonb writes it (keys in its own order), times in UTC.
create function audit_entry(line audit_log, place bigint, previous text) returns text language sql stable
set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object(
    'position', place, 'previous', previous, 'id', line.id, 'at', to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'transaction', line.transaction::text, 'event', line.event, 'account', line.account, 'role', line.role, 'commune', line.commune,
    'address', line.address, 'endpoint', line.endpoint, 'filters', line.filters, 'rows', line.row_count, 'facts', line.facts,
    'content', line.content_digest)::text
$$;

-- Gives each line whose transaction has ended its place in the chain, in the order in which they are found: a chain made
-- within the reading transactions would let one reader in after another. Returns how many; 5,000 at a time.
create function seal_audit_log() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  waiting bigint;
  found_line audit_log;
  place bigint;
  last_hash text;
  sealed integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('diaban audit log'));
  select s.position, s.hash into place, last_hash from audit_seals s order by s.position desc limit 1;
  place := coalesce(place, 0);
  last_hash := coalesce(last_hash, repeat('0', 64));
  for waiting in
    with taken as (
      delete from audit_unsealed where line in (select line from audit_unsealed order by line limit 5000) returning line
    )
    select taken.line from taken order by taken.line
  loop
    select * into found_line from audit_log l where l.id = waiting;
    if not found then
      -- somebody who owns the tables took it out within its first second
      perform audit_line('line-missing', null, null, jsonb_build_object('line', waiting), null);
      continue;
    end if;
    place := place + 1;
    insert into audit_seals (position, line, previous, hash)
    values (place, waiting, last_hash, encode(sha256(convert_to(audit_entry(found_line, place, last_hash), 'UTF8')), 'hex'))
    returning hash into last_hash;
    sealed := sealed + 1;
  end loop;
  return sealed;
end $$;

create function audit_head(out place bigint, out hash text) language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select s.position, s.hash from audit_seals s order by s.position desc limit 1
$$;

-- ---------------------------------------------------------------------------------------------------- reading

-- What an admin is shown of a line: all but the values of activities.
create type shown_audit_line as (
  id bigint, at timestamptz, event text, account text, role text, commune text, address text, endpoint text, filters jsonb, row_count integer,
  facts jsonb, place bigint, hash text, entry text
);

-- A page, the newest first; of an account also what is about it: its sign-ins, when nobody was signed in yet, and what an
-- admin did to it. Reading the log is a line of it.
create function read_audit_log(account_asked text, from_day date, to_day date, events_asked text[], endpoint_part text, before_line bigint, most integer)
returns setof shown_audit_line language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if most not between 1 and 1000 then
    raise exception 'a page has 1 to 1,000 lines' using errcode = 'invalid_parameter_value';
  end if;
  return query
    select l.id, l.at, l.event, l.account, l.role, l.commune, l.address, l.endpoint, l.filters, l.row_count, l.facts, s.position, s.hash, null::text
      from audit_log l left join audit_seals s on s.line = l.id
     where (account_asked is null or l.account = account_asked or l.facts ->> 'account' = account_asked)
       and (from_day is null or l.at >= from_day::timestamp at time zone 'Asia/Ho_Chi_Minh')
       and (to_day is null or l.at < (to_day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
       and (events_asked is null or l.event = any (events_asked))
       and (endpoint_part is null or position(lower(endpoint_part) in lower(l.endpoint)) > 0)
       and (before_line is null or (l.at, l.id) < (select b.at, b.id from audit_log b where b.id = before_line))
     order by l.at desc, l.id desc
     limit most;
  perform audit_line('log-read', nullif(current_setting('diaban.endpoint', true), ''), audit_filters(account_asked, from_day, to_day, events_asked, endpoint_part), null, null);
end $$;

-- Sealed lines by their place, with the text that was hashed: what is exported.
create function export_audit_log(account_asked text, from_day date, to_day date, events_asked text[], endpoint_part text, after_place bigint, most integer)
returns setof shown_audit_line language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if most not between 1 and 10000 then
    raise exception 'a part of an export has 1 to 10,000 lines' using errcode = 'invalid_parameter_value';
  end if;
  return query
    select l.id, l.at, l.event, l.account, l.role, l.commune, l.address, l.endpoint, l.filters, l.row_count, l.facts, s.position, s.hash,
           audit_entry(l, s.position, s.previous)
      from audit_seals s join audit_log l on l.id = s.line
     where s.position > after_place
       and (account_asked is null or l.account = account_asked or l.facts ->> 'account' = account_asked)
       and (from_day is null or l.at >= from_day::timestamp at time zone 'Asia/Ho_Chi_Minh')
       and (to_day is null or l.at < (to_day + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
       and (events_asked is null or l.event = any (events_asked))
       and (endpoint_part is null or position(lower(endpoint_part) in lower(l.endpoint)) > 0)
     order by s.position
     limit most;
  perform audit_line('log-exported', nullif(current_setting('diaban.endpoint', true), ''), audit_filters(account_asked, from_day, to_day, events_asked, endpoint_part),
                     jsonb_build_object('afterPosition', after_place), null);
end $$;

create function audit_filters(account_asked text, from_day date, to_day date, events_asked text[], endpoint_part text) returns jsonb language sql immutable
set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('account', account_asked, 'from', from_day::text, 'to', to_day::text, 'events', to_jsonb(events_asked), 'endpoint', endpoint_part))
$$;

-- The accounts that lines are of, one index step for each.
create function audit_accounts() returns setof text language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  with recursive accounts as (
    (select account from audit_log where account is not null order by account limit 1)
    union all
    select (select l.account from audit_log l where l.account > a.account order by l.account limit 1) from accounts a where a.account is not null
  )
  select account from accounts where account is not null
$$;

create function count_unsealed() returns bigint language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select count(*) from audit_unsealed
$$;

-- ---------------------------------------------------------------------------------------------------- rights

do $$
declare
  made regprocedure;
begin
  for made in
    select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and proname in (
      'refuse_rewriting_audit_log', 'audit_line', 'begin_premises_reading', 'end_premises_reading', 'reading_is_logged', 'record_audit_event',
      'log_activity_change', 'log_owner_change', 'open_owner_line', 'log_import', 'complete_owner_line', 'audit_entry', 'seal_audit_log',
      'audit_head', 'read_audit_log', 'export_audit_log', 'audit_filters', 'audit_accounts', 'count_unsealed')
  loop
    execute format('revoke execute on function %s from public', made);
  end loop;
end $$;
revoke all on audit_log, audit_seals, audit_unsealed from public;

grant execute on function reading_is_logged() to diaban_planner, diaban_inspector, diaban_leader, diaban_commune, diaban_admin, diaban_visitor;
grant execute on function begin_premises_reading(text, jsonb), end_premises_reading(integer, boolean) to diaban_planner, diaban_inspector, diaban_commune;
grant execute on function record_audit_event(text, jsonb) to diaban_planner, diaban_inspector, diaban_leader, diaban_commune, diaban_admin, diaban_visitor;
grant execute on function seal_audit_log(), audit_head(), count_unsealed() to diaban_admin, diaban_visitor;
grant execute on function read_audit_log(text, date, date, text[], text, bigint, integer), export_audit_log(text, date, date, text[], text, bigint, integer),
  audit_accounts() to diaban_admin;
