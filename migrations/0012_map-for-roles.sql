-- What the map and /ogc need beside the policies of 0008, so that obeying them costs nothing.

-- Single premises, for who may read those of the whole province, by any index.
--
-- A policy that asks anything, though it were `(select reading_is_logged())`, keeps every condition of a reader behind it
-- that is not leakproof, and `&&` is not: over 100,000 establishments a tile of zoom 12 then reads the whole table (165
-- tiles/s, of which 4 connections of the owner took 710). In a view the same question is a condition among others; it names
-- no column, so it is answered once and before any row is looked at, and the spatial index is there (750 tiles/s).
--
-- An account of a commune reads the table: its policy leads to its own rows by the index on commune_code, which are few.
create view all_establishments as
  select * from establishments where (select acting_role() is null or reading_is_logged());
comment on view all_establishments is
  'Rows of establishments, for planners and inspectors in a transaction that is on the audit log; as fast as the table is for its owner.';
grant select on all_establishments to diaban_planner, diaban_inspector;

-- The counts that hexagons are made of (place_triangles), of the asker's own commune. Counted when they are asked for: a
-- commune has some hundred places, which takes 2 ms. With the commune as a part of the key of place_triangles everybody
-- else would read a third more rows for the same hexagons (9,446 for 7,135), and every import would write them.
create function own_place_triangles(counted text)
  returns table (b integer, a integer, upper boolean, places integer, simulated_places integer)
language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp as $$
declare
  own constant text := own_commune();
begin
  if acting_role() is distinct from 'commune' or own is null then
    raise exception 'only the account of a commune has places of its own' using errcode = 'insufficient_privilege';
  end if;
  return query
    select t.b, t.a, t.upper, count(*)::integer, (count(*) filter (where simulated))::integer
      from (select geom_mercator, simulated from establishments where counted = 'establishments' and commune_code = own
            union all
            select geom_mercator, simulated from dormitories where counted = 'dormitories' and commune_code = own
            union all
            select geom_mercator, simulated from schools where counted = 'schools' and commune_code = own) as held,
           place_triangle(geom_mercator) as t
     group by 1, 2, 3;
end $$;

-- The first day on which an establishment that the asker may read was in business: what the collection's description says,
-- without reading premises.
create function first_day_in_business() returns date
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  asking constant text := acting_role();
  own constant text := own_commune();
begin
  if asking is null or asking in ('planner', 'inspector') then
    return (select min(active_from) from establishments);
  elsif asking = 'commune' and own is not null then
    return (select min(active_from) from establishments where commune_code = own);
  end if;
  raise exception 'establishments are not for the role %', asking using errcode = 'insufficient_privilege';
end $$;

revoke execute on function own_place_triangles(text), first_day_in_business() from public;
grant execute on function own_place_triangles(text) to diaban_commune;
grant execute on function first_day_in_business() to diaban_planner, diaban_inspector, diaban_commune;
