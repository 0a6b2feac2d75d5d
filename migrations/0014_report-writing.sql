-- Where a report (tin báo) comes from is told by a cell of about 5 km² and by nothing finer. Two things hold that here:
-- `write_report` and `correct_report`, which are the only ways for any role to write one, give every cell that is sent
-- its parent of resolution 7 before a row is made; and a row, whoever writes it, holds a valid cell of resolution 7.
-- No position is ever a column, a setting or a word of an error.

-- The cell of resolution 7 around an H3 cell of resolution 7 to 15, both as H3 writes them (15 hexadecimal digits); null for
-- what is no such cell. From https://h3geo.org/docs/core-library/h3Indexing: from the left 1 bit 0, 4 bits of mode (1: a
-- cell), 3 bits 0, 4 bits of resolution, 7 bits of base cell (0–121), and 15 digits of 3 bits, of which those beyond the
-- resolution are 7 and the others 0–6. Around the twelve pentagons the first digit that is not 0 is never 1. Nothing is
-- looked up: the parent is the index with the resolution 7 and the digits beyond it 7.
create function coarse_report_cell(cell text) returns text language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  index bigint;
  resolution int;
  base_cell int;
  digit int;
  first_digit int := 0;
begin
  if cell !~ '^8[7-9a-fA-F][0-9a-fA-F]{13}$' then
    return null;
  end if;
  index := ('x0' || cell)::bit(64)::bigint;
  resolution := ((index >> 52) & 15)::int;
  base_cell := ((index >> 45) & 127)::int;
  if base_cell > 121 then
    return null;
  end if;
  for place in 1..15 loop
    digit := ((index >> (45 - 3 * place)) & 7)::int;
    if (digit = 7) <> (place > resolution) then
      return null;
    end if;
    if first_digit = 0 then
      first_digit := digit;
    end if;
  end loop;
  if first_digit = 1 and base_cell in (4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117) then
    return null;
  end if;
  -- 7 in the four bits of the resolution, and 1 in the 24 of the digits 8 to 15
  return to_hex((index & ~(15::bigint << 52)) | (7::bigint << 52) | ((1::bigint << 24) - 1));
end $$;

-- However it is written: by the owner's import too. A check is passed by null, so that null is made a text.
alter table report_records add constraint report_cell_is_coarse check (coalesce(coarse_report_cell(h3_cell), '') = h3_cell);

-- The cell that is kept of the one sent. What was sent is never said again: an error text ends in logs.
create function cell_to_keep(sent text) returns text language plpgsql immutable
set search_path = pg_catalog, public, pg_temp as $$
declare
  kept constant text := coarse_report_cell(sent);
begin
  if kept is null then
    raise exception 'a report needs a valid H3 cell of resolution 7 to 15' using errcode = 'invalid_parameter_value';
  end if;
  return kept;
end $$;

-- Refuses whoever may not write a report of this commune: leader, admin and visitor, and a commune's account for another.
create function refuse_writing_reports(commune text) returns void language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
declare
  role constant text := acting_role();
begin
  -- null is the owner: imports and the command line
  if role is null or role in ('planner', 'inspector') then
    return;
  end if;
  if role = 'commune' and own_commune() = commune then
    return;
  end if;
  raise exception 'the role % may not write reports of this commune', role using errcode = 'insufficient_privilege';
end $$;

-- Records a report; null where the reference is taken. Who acts is read from the transaction's settings, and whether the
-- row is simulated from its commune: neither can be claimed.
create function write_report(reference text, received_on date, due_on date, status text, resolved_on date, commune text, cell text)
returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  made bigint;
begin
  perform refuse_writing_reports(commune);
  insert into report_records (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell, simulated)
  values (write_report.reference, write_report.received_on, write_report.due_on, write_report.status, write_report.resolved_on, commune,
          cell_to_keep(cell), coalesce((select c.simulated from communes c where c.code = commune), false))
      on conflict do nothing
  returning id into made;
  return made;
end $$;

-- Corrects a report that the asker's role recorded (a commune's account: of its own commune, before and after); false where
-- there is none such.
create function correct_report(report bigint, received_on date, due_on date, status text, resolved_on date, commune text, cell text)
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  role constant text := acting_role();
begin
  perform refuse_writing_reports(commune);
  update report_records r
     set received_on = correct_report.received_on, due_on = correct_report.due_on, status = correct_report.status,
         resolved_on = correct_report.resolved_on, commune_code = commune, h3_cell = cell_to_keep(cell),
         simulated = coalesce((select c.simulated from communes c where c.code = commune), false)
   where r.id = report
     and (role is null or r.recorded_role = role)
     and (role is distinct from 'commune' or r.commune_code = own_commune());
  return found;
end $$;

-- From here on a row is written by these two alone. Withdrawing sets the reason and nothing else, under the policies.
revoke insert, update on report_records from diaban_planner, diaban_inspector, diaban_commune;
grant update (withdrawal_reason) on report_records to diaban_planner, diaban_inspector, diaban_commune;

revoke execute on function coarse_report_cell(text), cell_to_keep(text), refuse_writing_reports(text),
  write_report(text, date, date, text, date, text, text), correct_report(bigint, date, date, text, date, text, text) from public;
-- the check of a row is made with the rights of who withdraws it
grant execute on function coarse_report_cell(text) to diaban_planner, diaban_inspector, diaban_commune;
grant execute on function write_report(text, date, date, text, date, text, text), correct_report(bigint, date, date, text, date, text, text)
  to diaban_planner, diaban_inspector, diaban_commune;

-- Numbers in a row would tell each who writes one how many others were written since. Rows that there are keep theirs.
create function random_report_id() returns bigint language sql volatile
set search_path = pg_catalog, public, pg_temp as $$
  select (('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10))::bit(40)::bigint << 6) + 1 + floor(random() * 63)::bigint
$$;
alter table report_records alter id drop identity;
alter table report_records alter id set default random_report_id();
