-- The first load of a table: its first rows, by the hundred thousand. Row by row, foreign keys, indexes and the counts
-- that tiles are made of take three quarters of such an import. Into an empty table they are made at its end for all rows
-- at once, in the importing transaction: whatever does not hold then fails the whole, and nobody ever sees the table
-- without them.

-- Takes foreign keys, unique constraints, plain indexes and counting off an empty table; its primary key stays. Returns the statements that bring them back, for `end_first_load`; null, and nothing is changed, when the table has
-- rows or when it and the tables that it refers to cannot be had for itself at once.
--
-- They are locked until the transaction ends: readers of communes wait as long as the load takes (about 1 s for 100,000
-- rows), once in the life of a table. We wait for them half a second at most, less than deadlock_timeout, so that where
-- two wait for each other it is we who give way, and load in the ordinary way.
create function begin_first_load(loaded regclass) returns text[] language plpgsql as $$
declare
  patience constant text := current_setting('lock_timeout');
  ending text[] := '{}';
  has_rows boolean;
  needed regclass;
  part record;
begin
  execute format('select exists (select from %s)', loaded) into has_rows;
  if has_rows then
    return null;
  end if;
  perform set_config('lock_timeout', '500ms', true);
  for needed in
    select confrelid from pg_constraint where conrelid = loaded and contype = 'f' group by confrelid order by confrelid
  loop
    execute format('lock table %s in access exclusive mode', needed);
  end loop;
  execute format('lock table %s in access exclusive mode', loaded);
  perform set_config('lock_timeout', patience, true);
  execute format('select exists (select from %s)', loaded) into has_rows;
  if has_rows then
    return null;
  end if;

  for part in
    select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition
      from pg_index where indrelid = loaded and not indisunique order by indexrelid
  loop
    execute format('drop index %s', part.name);
    ending := ending || part.definition;
  end loop;
  for part in
    select conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where conrelid = loaded and contype in ('f', 'u') order by oid
  loop
    execute format('alter table %s drop constraint %I', loaded, part.name);
    ending := ending || format('alter table %s add constraint %I %s', loaded, part.name, part.definition);
  end loop;
  execute format('alter table %s disable trigger inserted_counts_places', loaded);
  return ending;
exception
  when lock_not_available or deadlock_detected then
    return null;
end $$;

-- Brings back what `begin_first_load` took off, for all rows at once. `counted` is the collection of the table's points.
create function end_first_load(loaded regclass, ending text[], counted text) returns void language plpgsql as $$
declare
  statement text;
begin
  foreach statement in array ending loop
    execute statement;
  end loop;
  execute format('alter table %s enable trigger inserted_counts_places', loaded);
  -- The arithmetic of place_triangle, which asked for each row takes three times as long; a test holds both to the same.
  execute format($count$
    insert into place_triangles (collection, b, a, upper, places, simulated_places)
    select %L, floor(v)::integer, floor(u)::integer, (u - floor(u)) + (v - floor(v)) > 1, count(*), count(*) filter (where simulated)
      from (select x - y / sqrt(3.0::double precision) as u, y * 2 / sqrt(3.0::double precision) as v, simulated
              from (select (ST_X(geom_mercator) + 20037508.342789244) / 1222.992452562820 as x,
                           ST_Y(geom_mercator) / 1222.992452562820 as y, simulated
                      from %s offset 0) as sides
            offset 0) as lattice
     group by 2, 3, 4$count$, counted, loaded);
end $$;
