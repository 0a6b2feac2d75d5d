-- Accounts, sessions and access tokens. Nobody is granted any of these tables: all goes through functions that run with
-- their owner's rights and give out neither a password's verifier nor a token. The server finds sessions and signs people
-- in as diaban_visitor, and even with that role's rights nobody signs in without proof: the salt goes out, what argon2id
-- makes of it and the password comes in, and the comparison, the counting of wrong tries and the making of the session
-- happen here. What is stored is a hash of that proof, so that a copy of the tables opens nothing.

create table accounts (
  -- An office, never a person: an e-mail address, a telephone or an identity number does not fit.
  name text primary key
    check (name ~ '^[a-z][a-z0-9]*([-.][a-z0-9]+)*$' and length(name) between 3 and 40
           and length(regexp_replace(name, '[^0-9]', '', 'g')) <= 5 and name not in ('import', 'local', 'owner', 'token', 'visitor')),
  role text not null check (role in ('planner', 'inspector', 'leader', 'commune', 'admin')),
  -- An account whose commune went is closed until somebody gives it another (below), never handed to the successor, whose
  -- rows it might then read.
  commune_code text references communes on delete set null,
  demo boolean not null default false check (demo = (name ~ '^demo-')),
  disabled_at timestamptz,
  -- argon2id: salt and cost, and the SHA-256 of what it makes of the password
  password_salt bytea check (octet_length(password_salt) = 16),
  password_cost text check (password_cost ~ '^m=\d+,t=\d+,p=\d+$'),
  password_verifier bytea check (octet_length(password_verifier) = 32),
  password_set_at timestamptz,
  -- given by somebody else, good for choosing another within three days
  password_is_one_time boolean not null default false,
  -- SHA-256 of issuer and subject: a subject may be a person's e-mail address, which nothing here keeps
  subject_hash bytea unique check (octet_length(subject_hash) = 32),
  created_at timestamptz not null default now(),
  created_by text not null default current_actor(),
  last_sign_in_at timestamptz,
  check (role = 'commune' or commune_code is null),
  check (role <> 'commune' or commune_code is not null or disabled_at is not null),
  check (num_nonnulls(password_salt, password_cost, password_verifier, password_set_at) in (0, 4))
);
create index on accounts (commune_code) where commune_code is not null;

create table sessions (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  account text not null references accounts on delete cascade,
  way text not null check (way in ('password', 'single-sign-on', 'demo')),
  created_at timestamptz not null default now(),
  -- moved at most once a minute
  seen_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '12 hours'
);
create index on sessions (account);
create index on sessions (ends_at);

-- Browsers that an account signed in with before: their tries are counted apart, so that whoever guesses at an account from
-- elsewhere cannot keep its own office out (OWASP: "device cookies").
create table known_browsers (
  token_hash bytea not null check (octet_length(token_hash) = 32),
  account text not null references accounts on delete cascade,
  seen_at timestamptz not null default now(),
  primary key (token_hash, account)
);
create index on known_browsers (account);

-- Wrong tries, by what they are counted for: an account from an address, an account, an address, a known browser. The key is
-- a hash, since people type passwords into the wrong field. They run off with time.
create table sign_in_failures (
  key bytea primary key check (octet_length(key) = 32),
  tries double precision not null,
  counted_at timestamptz not null
);
create index on sign_in_failures (counted_at);

create table access_tokens (
  id bigint generated always as identity primary key,
  account text not null references accounts on delete cascade,
  name text not null check (length(name) between 1 and 60),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  ends_on date not null,
  revoked_at timestamptz
);
create index on access_tokens (account);

-- What the server was started with, said by its owner at each start; the functions below hold to it.
create table sign_in_settings (
  only_row boolean primary key default true check (only_row),
  demo boolean not null default false,
  single_sign_on boolean not null default false
);
insert into sign_in_settings default values;

do $$
declare
  kept text;
begin
  foreach kept in array array['accounts', 'sessions', 'known_browsers', 'sign_in_failures', 'access_tokens', 'sign_in_settings']
  loop
    execute format('alter table %I enable row level security', kept);
    execute format('revoke all on %I from public', kept);
  end loop;
end $$;

-- ------------------------------------------------------------------------------------------------- what always holds

-- `record_audit_event` is made by 0011_audit-log.sql. No password, token or hash is ever told to it.
create function tell_audit(event text, about jsonb) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform record_audit_event(event, jsonb_strip_nulls(about));
end $$;

create function may_keep_accounts(a accounts) returns boolean language sql immutable as $$
  select a.role = 'admin' and a.disabled_at is null and not a.demo and (a.password_verifier is not null or a.subject_hash is not null)
$$;

create function guard_accounts() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if new.name <> old.name or new.demo <> old.demo then
      raise exception 'an account keeps its name: what it did is written down by it';
    end if;
    if new.role = 'commune' and new.commune_code is null and new.disabled_at is null then
      new.disabled_at := now();
      perform tell_audit('account-closed', jsonb_build_object('account', old.name, 'reason', 'its commune went'));
    end if;
  elsif not old.demo then
    raise exception 'an account is closed, never deleted: what it did is written down by its name';
  end if;
  if may_keep_accounts(old) and (tg_op = 'DELETE' or not may_keep_accounts(new)) then
    -- Two admins who close each other at once wait here, and the second sees what the first did.
    perform pg_advisory_xact_lock(hashtext('diaban admins'));
    if not exists (select from accounts a where a.name <> old.name and may_keep_accounts(a)) then
      raise exception 'the last admin cannot be closed or made something else' using errcode = 'DA001';
    end if;
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger accounts_are_guarded before update or delete on accounts for each row execute function guard_accounts();

-- Whoever has other rights now, or another password, signs in anew.
create function end_sessions_of_changed_account() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from sessions where account = new.name;
  return null;
end $$;
create trigger changed_accounts_sign_in_anew after update on accounts for each row
  when ((old.role, old.commune_code, old.disabled_at, old.password_verifier, old.subject_hash)
        is distinct from (new.role, new.commune_code, new.disabled_at, new.password_verifier, new.subject_hash))
  execute function end_sessions_of_changed_account();

-- ------------------------------------------------------------------------------------------------- wrong tries

-- What a try is counted for. The tries after the first `free` ones are answered later and later, the first after five seconds
-- and each twice as late as the one before, until it is one in `leak_seconds`; in as many seconds one is forgiven. So an account can be guessed at a hundred
-- times a day from one address, and an address can guess 700 times at all accounts together, which is of no use against
-- twelve characters, while nobody ever waits longer than a quarter of an hour.
create function counters_of_try(asked_account text, from_address text, browser bytea)
returns table (what text, key bytea, free integer, leak_seconds integer) language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  with counters (what, subject, free, leak_seconds) as (
    values ('browser', concat_ws(E'\n', asked_account, encode(browser, 'hex')), 5, 900),
           ('pair', concat_ws(E'\n', asked_account, from_address), 5, 900),
           -- One computer has 2^64 addresses of version 6: they count as one here, where the wait is short.
           ('address', case when from_address like '%:%' then text(network(set_masklen(split_part(from_address, '%', 1)::inet, 64)))
                            else from_address end, 30, 120),
           ('account', asked_account, 20, 300))
  select what, sha256(convert_to(what || E'\n' || subject, 'UTF8')), free, leak_seconds
    from counters
   -- A browser that the account signed in with before answers for itself alone.
   where (what = 'browser') = exists (select from known_browsers k where k.token_hash = browser and k.account = asked_account)
$$;

create function tries_left_standing(tries double precision, counted_at timestamptz, leak_seconds integer) returns double precision
language sql volatile as $$
  select greatest(0, tries - extract(epoch from clock_timestamp() - counted_at)::double precision / leak_seconds)
$$;

-- Before a password is hashed: how long this asker has to wait, or 0 and what to hash the password with. The try is counted
-- at once, as wrong, so that a hundred at the same time are a hundred; `sign_in` takes it back. For an account that is not
-- there the answer is of the same kind, with a salt that nothing was ever made with.
create function begin_sign_in(asked_account text, browser bytea)
returns table (wait_seconds integer, salt bytea, cost text) language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  from_address text := current_setting('diaban.address', true);
  wait double precision;
  slowed boolean;
begin
  if coalesce(from_address, '') = '' then
    raise exception 'nobody signs in from nowhere: diaban.address is not set';
  end if;
  insert into sign_in_failures (key, tries, counted_at)
  select c.key, 0, clock_timestamp() from counters_of_try(asked_account, from_address, browser) c order by c.key
  on conflict do nothing;
  -- in the order of the keys, so that no two wait for each other
  perform from sign_in_failures f
    where f.key in (select c.key from counters_of_try(asked_account, from_address, browser) c) order by f.key for update;

  with counted as (
    select c.what, tries_left_standing(f.tries, f.counted_at, c.leak_seconds) as standing,
           case when ceil(f.tries) < c.free then 0
                else least(c.leak_seconds, 5 * power(2, least(ceil(f.tries) - c.free, 20)))
                     - extract(epoch from clock_timestamp() - f.counted_at)::double precision end as wait
      from counters_of_try(asked_account, from_address, browser) c join sign_in_failures f on f.key = c.key
  )
  -- What others did to an account holds up only those who failed on it too: nobody can keep its office out.
  select max(wait) into wait
    from counted
   where what <> 'account' or exists (select from counted p where p.what = 'pair' and p.standing > 0);
  if wait > 0 then
    return query select ceil(wait)::integer, null::bytea, null::text;
    return;
  end if;

  with before as (
    select c.key, c.free, tries_left_standing(f.tries, f.counted_at, c.leak_seconds) as standing
      from counters_of_try(asked_account, from_address, browser) c join sign_in_failures f on f.key = c.key
  ), counted as (
    update sign_in_failures f set tries = b.standing + 1, counted_at = clock_timestamp()
      from before b where f.key = b.key
    returning ceil(b.standing) = b.free - 1 as slowed
  )
  select bool_or(c.slowed) into slowed from counted c;
  if slowed then
    -- Only the name of an account that there is: people type passwords into the wrong field.
    perform tell_audit('sign-in-slowed', jsonb_build_object('account', (select a.name from accounts a where a.name = asked_account)));
  end if;
  return query
    select 0, coalesce(a.password_salt, substring(sha256(convert_to(gen_random_uuid()::text, 'UTF8')) from 1 for 16)), a.password_cost
      from (select) as nobody
      left join accounts a on a.name = asked_account and a.password_salt is not null;
end $$;

-- Takes back what `begin_sign_in` counted: the password was right.
create function forgive_try(asked_account text, browser bytea) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  -- An address and an account are not cleared: a guesser with an account of his own would clear his address with it.
  update sign_in_failures f
     set tries = case when c.what in ('pair', 'browser') then 0 else greatest(0, f.tries - 1) end
    from counters_of_try(asked_account, current_setting('diaban.address', true), browser) c
   where f.key = c.key;
end $$;

-- ------------------------------------------------------------------------------------------------- sessions

create function make_session(for_account text, by_way text, new_session bytea, former_session bytea) returns void language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from sessions s where s.token_hash = former_session;
  insert into sessions (token_hash, account, way) values (new_session, for_account, by_way);
  -- An account is an office's, with several computers; yet not without end.
  delete from sessions s where s.token_hash in (
    select o.token_hash from sessions o where o.account = for_account order by o.seen_at desc, o.token_hash offset 50);
  update accounts a set last_sign_in_at = now() where a.name = for_account;
  perform set_config('diaban.actor', for_account, true);
  perform tell_audit('signed-in', jsonb_build_object('account', for_account, 'way', by_way));
  -- What is over is swept out by whoever comes in.
  delete from sessions s where s.token_hash in (
    select o.token_hash from sessions o where o.ends_at < now() or o.seen_at < now() - interval '1 hour' for update skip locked);
  delete from sign_in_failures f where f.key in (
    select o.key from sign_in_failures o where o.counted_at < now() - interval '1 day' for update skip locked);
  delete from known_browsers k where k.seen_at < now() - interval '1 year';
end $$;

-- Signs in with what argon2id made of the password. `outcome` is signed-in or refused: a wrong account, a wrong password, a
-- closed account and a one-time password that is too old are one and the same to whoever asks.
create function sign_in(asked_account text, proof bytea, browser bytea, new_browser bytea, new_session bytea, former_session bytea)
returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  holder accounts;
  reason text;
begin
  select * into holder from accounts a where a.name = asked_account for update;
  reason := case
    when holder.name is null then 'no such account'
    when holder.password_verifier is null then 'the account has no password'
    when holder.password_verifier <> sha256(proof) then 'wrong password'
    when holder.disabled_at is not null then 'the account is closed'
    when holder.password_is_one_time and holder.password_set_at < now() - interval '3 days' then 'the one-time password is too old'
  end;
  if reason is not null then
    perform tell_audit('sign-in-refused', jsonb_build_object('account', holder.name, 'reason', reason));
    return 'refused';
  end if;
  perform forgive_try(asked_account, browser);
  perform make_session(holder.name, 'password', new_session, former_session);
  -- A new name for the browser each time: one that somebody planted or copied is worth nothing afterwards.
  update known_browsers k set token_hash = new_browser where k.token_hash = browser;
  insert into known_browsers (token_hash, account) values (new_browser, holder.name)
  on conflict (token_hash, account) do update set seen_at = now();
  return 'signed-in';
end $$;

-- For whom the province's single sign-on vouches. The server holds the proof (a signed token of the issuer); the database
-- holds it to accounts that somebody linked beforehand, and to servers that were started with single sign-on.
create function sign_in_by_subject(subject bytea, new_session bytea, former_session bytea) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  holder accounts;
begin
  if not (select s.single_sign_on from sign_in_settings s) then
    return 'refused';
  end if;
  select * into holder from accounts a where a.subject_hash = subject for update;
  if holder.name is null or holder.disabled_at is not null then
    perform tell_audit('sign-in-refused', jsonb_build_object('account', holder.name, 'way', 'single-sign-on',
      'reason', case when holder.name is null then 'no account is linked to the subject' else 'the account is closed' end));
    return 'refused';
  end if;
  perform make_session(holder.name, 'single-sign-on', new_session, former_session);
  return 'signed-in';
end $$;

-- A role to try, where the server was started in demo mode. Whether the asker sits at this computer is the server's to see.
create function sign_in_to_demo(demo_role text, demo_commune text, new_session bytea, former_session bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  demo_account text := case demo_role when 'commune' then 'demo-commune-' || demo_commune else 'demo-' || demo_role end;
begin
  if not (select s.demo from sign_in_settings s) then
    return 'refused';
  end if;
  if demo_role = 'commune' and not exists (select from communes c where c.code = demo_commune) then
    return 'unknown-commune';
  end if;
  insert into accounts (name, role, commune_code, demo, created_by)
  values (demo_account, demo_role, case when demo_role = 'commune' then demo_commune end, true, 'demo')
  on conflict (name) do update set disabled_at = null, commune_code = excluded.commune_code
    where (accounts.disabled_at, accounts.commune_code) is distinct from (null, excluded.commune_code);
  perform make_session(demo_account, 'demo', new_session, former_session);
  return 'signed-in';
end $$;

-- The communes that a commune's role can be tried for: names that anyone may know, told before anyone is signed in.
create function demo_communes() returns table (code text, name text) language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select c.code, c.name from communes c where (select s.demo from sign_in_settings s) order by c.code
$$;

-- Whose session it is; nothing for one that ended, whatever ended it.
create function find_session(session bytea)
returns table (account text, role text, commune text, commune_name text, demo boolean, way text, has_password boolean,
               must_change_password boolean, signed_in_at timestamptz, ends_at timestamptz, is_seen_long_ago boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.name, a.role, a.commune_code, c.name, a.demo, s.way, a.password_verifier is not null,
         s.way = 'password' and a.password_is_one_time, s.created_at, s.ends_at, s.seen_at < now() - interval '1 minute'
    from sessions s
    join accounts a on a.name = s.account
    left join communes c on c.code = a.commune_code
   where s.token_hash = session
     and s.ends_at > now() and s.seen_at > now() - interval '1 hour'
     and a.disabled_at is null
     and (not a.demo or (select t.demo from sign_in_settings t))
$$;

create function touch_session(session bytea) returns void language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
  update sessions s set seen_at = now() where s.token_hash = session and s.seen_at < now() - interval '1 minute'
$$;

-- Ends this session, or all of its account. Gives the account, null where there was no session, and the way it was signed in.
create function sign_out(session bytea, everywhere boolean) returns table (account text, way text) language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  ended sessions;
begin
  select * into ended from sessions s where s.token_hash = session for update;
  if ended.account is null then
    return;
  end if;
  perform set_config('diaban.actor', ended.account, true);
  delete from sessions s where s.token_hash = session or (everywhere and s.account = ended.account);
  perform tell_audit(case when everywhere then 'signed-out-everywhere' else 'signed-out' end, jsonb_build_object('account', ended.account));
  return query select ended.account, ended.way;
end $$;

-- Chooses another password: the session says whose, and the proof that whoever sits there knows the one before.
create function change_password(session bytea, proof bytea, browser bytea, new_salt bytea, new_cost text, new_verifier bytea,
                                new_session bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  whose text := (select f.account from find_session(session) f);
  holder accounts;
begin
  select * into holder from accounts a where a.name = whose for update;
  if holder.name is null then
    return 'refused';
  end if;
  perform set_config('diaban.actor', whose, true);
  if holder.password_verifier is null or holder.password_verifier <> sha256(proof) then
    perform tell_audit('sign-in-refused', jsonb_build_object('account', whose, 'reason', 'wrong password at a change of password'));
    return 'refused';
  end if;
  perform forgive_try(whose, browser);
  -- ends all its sessions
  update accounts a
     set password_salt = new_salt, password_cost = new_cost, password_verifier = new_verifier, password_set_at = now(), password_is_one_time = false
   where a.name = whose;
  insert into sessions (token_hash, account, way) values (new_session, whose, 'password');
  perform tell_audit('password-changed', jsonb_build_object('account', whose));
  return 'changed';
end $$;

-- ------------------------------------------------------------------------------------------------- access tokens

-- Whose token it is; nothing for one that ended or was revoked, and nothing while the account is closed. The role is the
-- account's of now.
create function find_access_token(token bytea)
returns table (account text, role text, commune text, demo boolean, is_used_long_ago boolean) language sql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
  select a.name, a.role, a.commune_code, a.demo, t.last_used_at is null or t.last_used_at < now() - interval '1 minute'
    from access_tokens t join accounts a on a.name = t.account
   where t.token_hash = token
     and t.revoked_at is null and t.ends_on >= (now() at time zone 'Asia/Ho_Chi_Minh')::date
     and a.disabled_at is null and not a.password_is_one_time
     and (not a.demo or (select s.demo from sign_in_settings s))
$$;

create function touch_access_token(token bytea) returns void language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
  update access_tokens t set last_used_at = now()
   where t.token_hash = token and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute')
$$;

-- For whoever is signed in, of their own tokens alone: the account is the transaction's, never an argument.
create function own_account() returns text language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if acting_role() is null or acting_role() = 'visitor' or coalesce(current_setting('diaban.actor', true), '') = '' then
    raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
  end if;
  return current_setting('diaban.actor');
end $$;

create function list_own_access_tokens()
returns table (id bigint, name text, created_at timestamptz, last_used_at timestamptz, ends_on date, revoked_at timestamptz, state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id, t.name, t.created_at, t.last_used_at, t.ends_on, t.revoked_at,
         case when t.revoked_at is not null then 'revoked'
              when t.ends_on < (now() at time zone 'Asia/Ho_Chi_Minh')::date then 'expired'
              else 'active' end
    from access_tokens t where t.account = own_account() order by t.id desc
$$;

create function make_access_token(token_name text, token bytea, last_day date) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  whose text := own_account();
  today date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  if last_day < today or last_day > today + 366 then
    return 'wrong-day';
  end if;
  -- the account's row stands for all its tokens: two at once are counted one after the other
  perform from accounts a where a.name = whose for update;
  if (select count(*) from access_tokens t where t.account = whose and t.revoked_at is null and t.ends_on >= today) >= 20 then
    return 'too-many';
  end if;
  insert into access_tokens (account, name, token_hash, ends_on) values (whose, token_name, token, last_day);
  perform tell_audit('token-made', jsonb_build_object('account', whose, 'token', token_name, 'endsOn', last_day));
  return 'made';
end $$;

-- False for a token that is not there or another's.
create function revoke_own_access_token(token_id bigint) returns boolean language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  whose text := own_account();
  revoked text;
begin
  update access_tokens t set revoked_at = now() where t.id = token_id and t.account = whose and t.revoked_at is null
  returning t.name into revoked;
  if revoked is not null then
    perform tell_audit('token-revoked', jsonb_build_object('account', whose, 'token', revoked));
  end if;
  return exists (select from access_tokens t where t.id = token_id and t.account = whose);
end $$;

-- ------------------------------------------------------------------------------------------------- keeping accounts

create function refuse_all_but_admins() returns void language plpgsql stable as $$
begin
  if coalesce(acting_role(), 'admin') <> 'admin' then
    raise exception 'accounts are kept by admins' using errcode = 'insufficient_privilege';
  end if;
end $$;

create function list_accounts(only_name text)
returns table (account text, role text, commune text, commune_name text, demo boolean, has_password boolean, single_sign_on boolean,
               must_change_password boolean, disabled_at timestamptz, created_at timestamptz, last_sign_in_at timestamptz,
               sessions integer, tokens integer, slowed boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform refuse_all_but_admins();
  return query
    select a.name, a.role, a.commune_code, c.name, a.demo, a.password_verifier is not null, a.subject_hash is not null,
           a.password_is_one_time, a.disabled_at, a.created_at, a.last_sign_in_at,
           (select count(*)::integer from sessions s
             where s.account = a.name and s.ends_at > now() and s.seen_at > now() - interval '1 hour'),
           (select count(*)::integer from access_tokens t
             where t.account = a.name and t.revoked_at is null and t.ends_on >= (now() at time zone 'Asia/Ho_Chi_Minh')::date),
           exists (select from counters_of_try(a.name, '', null) n join sign_in_failures f on f.key = n.key
                    where n.what = 'account' and tries_left_standing(f.tries, f.counted_at, n.leak_seconds) > n.free - 1)
      from accounts a left join communes c on c.code = a.commune_code
     where only_name is null or a.name = only_name
     order by a.name;
end $$;

-- A password that an admin makes is always for one use; the keeper of the machine may give one that stays.
create function make_account(new_name text, new_role text, new_commune text, new_subject bytea, new_salt bytea, new_cost text,
                             new_verifier bytea, one_time boolean) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform refuse_all_but_admins();
  if new_commune is not null and not exists (select from communes c where c.code = new_commune) then
    return 'unknown-commune';
  end if;
  if exists (select from accounts a where a.subject_hash = new_subject) then
    return 'subject-taken';
  end if;
  insert into accounts (name, role, commune_code, subject_hash, password_salt, password_cost, password_verifier, password_set_at, password_is_one_time)
  values (new_name, new_role, new_commune, new_subject, new_salt, new_cost, new_verifier,
          case when new_verifier is not null then now() end, new_verifier is not null and (one_time or acting_role() is not null))
  on conflict do nothing;
  if not found then
    return 'name-taken';
  end if;
  perform tell_audit('account-made', jsonb_build_object('account', new_name, 'accountRole', new_role, 'accountCommune', new_commune,
    'singleSignOn', new_subject is not null));
  return 'made';
end $$;

-- Changes what is named in `change` (role, commune, disabled, unlink, revokeTokens), gives a new password where one comes
-- with it, links a subject where one comes.
create function change_account(asked_account text, change jsonb, new_subject bytea, new_salt bytea, new_cost text, new_verifier bytea,
                               one_time boolean) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  was accounts;
  wanted accounts;
  revoked integer := 0;
begin
  perform refuse_all_but_admins();
  perform pg_advisory_xact_lock(hashtext('diaban admins'));
  select * into was from accounts a where a.name = asked_account for update;
  if was.name is null then
    return 'unknown-account';
  end if;
  if was.demo then
    return 'demo-account';
  end if;
  wanted := was;
  if change ? 'role' then wanted.role := change ->> 'role'; end if;
  if change ? 'commune' then wanted.commune_code := change ->> 'commune'; end if;
  if wanted.role <> 'commune' then wanted.commune_code := null; end if;
  if change ? 'disabled' then
    wanted.disabled_at := case when (change ->> 'disabled')::boolean then coalesce(was.disabled_at, now()) end;
  end if;
  if change ? 'unlink' then wanted.subject_hash := null; end if;
  wanted.subject_hash := coalesce(new_subject, wanted.subject_hash);
  if new_verifier is not null then
    wanted.password_salt := new_salt;
    wanted.password_cost := new_cost;
    wanted.password_verifier := new_verifier;
    wanted.password_set_at := now();
    wanted.password_is_one_time := one_time or acting_role() is not null;
  end if;

  if wanted.commune_code is not null and not exists (select from communes c where c.code = wanted.commune_code) then
    return 'unknown-commune';
  end if;
  if wanted.role = 'commune' and wanted.commune_code is null and wanted.disabled_at is null then
    return 'needs-commune';
  end if;
  if new_subject is not null and exists (select from accounts a where a.subject_hash = new_subject and a.name <> was.name) then
    return 'subject-taken';
  end if;
  if may_keep_accounts(was) and not may_keep_accounts(wanted)
     and not exists (select from accounts a where a.name <> was.name and may_keep_accounts(a)) then
    return 'last-admin';
  end if;

  update accounts a
     set role = wanted.role, commune_code = wanted.commune_code, disabled_at = wanted.disabled_at, subject_hash = wanted.subject_hash,
         password_salt = wanted.password_salt, password_cost = wanted.password_cost, password_verifier = wanted.password_verifier,
         password_set_at = wanted.password_set_at, password_is_one_time = wanted.password_is_one_time
   where a.name = was.name;
  if change ? 'revokeTokens' then
    update access_tokens t set revoked_at = now() where t.account = was.name and t.revoked_at is null;
    get diagnostics revoked = row_count;
    perform tell_audit('token-revoked', jsonb_build_object('account', was.name, 'tokens', revoked));
  end if;
  if wanted.disabled_at is not null and was.disabled_at is null then
    perform tell_audit('account-closed', jsonb_build_object('account', was.name));
  elsif wanted.disabled_at is null and was.disabled_at is not null then
    perform tell_audit('account-opened', jsonb_build_object('account', was.name));
  end if;
  if (was.role, was.commune_code, was.subject_hash) is distinct from (wanted.role, wanted.commune_code, wanted.subject_hash) then
    perform tell_audit('account-changed', jsonb_build_object('account', was.name,
      'before', jsonb_build_object('role', was.role, 'commune', was.commune_code, 'singleSignOn', was.subject_hash is not null),
      'after', jsonb_build_object('role', wanted.role, 'commune', wanted.commune_code, 'singleSignOn', wanted.subject_hash is not null)));
  end if;
  if new_verifier is not null then
    -- Whoever forgot it has tried; the office does not wait for its new one.
    delete from sign_in_failures f using counters_of_try(was.name, '', null) n where n.what = 'account' and f.key = n.key;
    perform tell_audit('password-changed', jsonb_build_object('account', was.name, 'oneTime', wanted.password_is_one_time));
  end if;
  return 'changed';
end $$;

create function end_sessions_of(asked_account text) returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  ended integer;
begin
  perform refuse_all_but_admins();
  delete from sessions s where s.account = asked_account;
  get diagnostics ended = row_count;
  perform tell_audit('signed-out-everywhere', jsonb_build_object('account', asked_account));
  return ended;
end $$;

-- ------------------------------------------------------------------------------------------------- who may call what

do $$
declare
  made regprocedure;
begin
  foreach made in array array[
    'tell_audit(text, jsonb)', 'may_keep_accounts(accounts)', 'guard_accounts()', 'end_sessions_of_changed_account()',
    'counters_of_try(text, text, bytea)', 'tries_left_standing(double precision, timestamptz, integer)', 'begin_sign_in(text, bytea)',
    'forgive_try(text, bytea)', 'make_session(text, text, bytea, bytea)', 'sign_in(text, bytea, bytea, bytea, bytea, bytea)',
    'sign_in_by_subject(bytea, bytea, bytea)', 'sign_in_to_demo(text, text, bytea, bytea)', 'demo_communes()', 'find_session(bytea)',
    'touch_session(bytea)', 'sign_out(bytea, boolean)', 'change_password(bytea, bytea, bytea, bytea, text, bytea, bytea)',
    'find_access_token(bytea)', 'touch_access_token(bytea)', 'own_account()', 'list_own_access_tokens()',
    'make_access_token(text, bytea, date)', 'revoke_own_access_token(bigint)', 'refuse_all_but_admins()', 'list_accounts(text)',
    'make_account(text, text, text, bytea, bytea, text, bytea, boolean)',
    'change_account(text, jsonb, bytea, bytea, text, bytea, boolean)', 'end_sessions_of(text)']::regprocedure[]
  loop
    execute format('revoke execute on function %s from public', made);
  end loop;
end $$;

grant execute on function begin_sign_in(text, bytea), sign_in(text, bytea, bytea, bytea, bytea, bytea), sign_in_by_subject(bytea, bytea, bytea),
  sign_in_to_demo(text, text, bytea, bytea), demo_communes(), find_session(bytea), touch_session(bytea), sign_out(bytea, boolean),
  change_password(bytea, bytea, bytea, bytea, text, bytea, bytea), find_access_token(bytea), touch_access_token(bytea)
  to diaban_visitor;
grant execute on function list_own_access_tokens(), make_access_token(text, bytea, date), revoke_own_access_token(bigint)
  to diaban_planner, diaban_inspector, diaban_leader, diaban_commune, diaban_admin;
grant execute on function list_accounts(text), make_account(text, text, text, bytea, bytea, text, bytea, boolean),
  change_account(text, jsonb, bytea, bytea, text, bytea, boolean), end_sessions_of(text) to diaban_admin;
