-- What tiles are made of, kept by the database itself, so that no writer can forget it: outlines of communes on each
-- zoom's tile grid, and counts of places by small triangles that hexagons of every zoom are made of.

-- ------------------------------------------------------------------------------------- outlines of communes

-- Coordinates are whole units of the zoom's tile grid (4096 to a tile, y downwards), so that a tile is a clip and a
-- shift, without rounding. x is moved by 4096 · 2^zoom: the worlds of all zooms then lie side by side, apart, and one
-- spatial index serves them all.
create table commune_tile_outlines (
  zoom smallint not null check (zoom between 0 and 14),
  commune_code text not null references communes on delete cascade,
  outline geometry(MultiPolygon, 0) not null check (not ST_IsEmpty(outline)),
  primary key (zoom, commune_code)
);
create index on commune_tile_outlines using gist (outline);

-- Puts the coverage of one zoom on its tile grid without gap or overlap.
--
-- Rounding each outline by itself keeps common vertices common, but lines that come closer than a grid unit then cross
-- or touch (53 of 129 real outlines at zoom 9), and making each valid by itself opens gaps between them. So all lines are
-- rounded together (snap rounding, Hobby 1999: ST_UnaryUnion with a grid size), the faces between them are made anew, and
-- each face goes to the commune that holds a point of its inside: one, also where the sources overlap. A face that none
-- holds stays a gap, a lake, unless it is narrower than 4 units, half a pixel (or a square of 8): that is where sources
-- miss each other by a metre.
--
-- Lines are cut beforehand where they cross the edges along which tiles are clipped (64 units beyond each tile's own):
-- a clip then finds a vertex there and rounds nothing. Rounded afterwards, a clipped line may swing over a vertex.
create function make_commune_tile_outlines(tile_zoom integer) returns void language plpgsql as $$
declare
  half_world constant double precision := 20037508.342789244;
  unit constant double precision := 40075016.685578488 / (4096 * 2.0 ^ tile_zoom);
  level constant smallint := (select min(max_zoom) from commune_outlines where max_zoom >= tile_zoom);
  lines geometry;
begin
  with source as materialized (
    select coalesce(o.geom_mercator, c.geom_mercator) as geom
      from communes c left join commune_outlines o on o.commune_code = c.code and o.max_zoom = level
  ),
  ends as (
    select ST_X(ST_StartPoint(segment.geom)) as x1, ST_Y(ST_StartPoint(segment.geom)) as y1,
           ST_X(ST_EndPoint(segment.geom)) as x2, ST_Y(ST_EndPoint(segment.geom)) as y2
      from source,
           ST_SnapToGrid(ST_Affine(geom, 1 / unit, 0, 0, -1 / unit, half_world / unit, half_world / unit), 1) as snapped,
           ST_DumpSegments(snapped) as segment
     where not ST_IsEmpty(snapped)
  ),
  -- each once, whichever way its neighbours walk it
  segments as materialized (
    select distinct case when forward then x1 else x2 end as x1, case when forward then y1 else y2 end as y1,
           case when forward then x2 else x1 end as x2, case when forward then y2 else y1 end as y2
      from ends, lateral (select (x1, y1) < (x2, y2) as forward) as direction
     where (x1, y1) <> (x2, y2)
  ),
  crossing as (
    select *, floor((x1 - 64) / 4096) <> floor((x2 - 64) / 4096) or floor((x1 + 64) / 4096) <> floor((x2 + 64) / 4096)
           or floor((y1 - 64) / 4096) <> floor((y2 - 64) / 4096) or floor((y1 + 64) / 4096) <> floor((y2 + 64) / 4096) as crosses
      from segments
  ),
  cuts as (
    select s.x1, s.y1, s.x2, s.y2, cut.*
      from crossing s, lateral (
        select (edge - x1) / (x2 - x1) as along, edge as x, round(y1 + (edge - x1) / (x2 - x1) * (y2 - y1)) as y
          from unnest(array[-64, 64]) as margin,
               generate_series(floor((x1 - margin) / 4096)::bigint, ceil((x2 - margin) / 4096)::bigint) as number,
               lateral (select (4096 * number + margin)::double precision as edge) as edges
         where edge > x1 and edge < x2
        union all
        select (edge - y1) / (y2 - y1), round(x1 + (edge - y1) / (y2 - y1) * (x2 - x1)), edge
          from unnest(array[-64, 64]) as margin,
               generate_series(floor((least(y1, y2) - margin) / 4096)::bigint,
                               ceil((greatest(y1, y2) - margin) / 4096)::bigint) as number,
               lateral (select (4096 * number + margin)::double precision as edge) as edges
         where edge > least(y1, y2) and edge < greatest(y1, y2)
      ) as cut
     where s.crosses
  ),
  pieces as (
    select ST_MakeLine(ST_MakePoint(x1, y1), ST_MakePoint(x2, y2)) as line from crossing where not crosses
    union all
    select ST_MakeLine(ST_MakePoint(x, y) order by along)
      from (select x1, y1, x2, y2, 0 as along, x1 as x, y1 as y from crossing where crosses
            union all select x1, y1, x2, y2, 1, x2, y2 from crossing where crosses
            union all select * from cuts) as vertices
     group by x1, y1, x2, y2
  )
  -- merged first: 57,000 single segments take 2.0 s to round, the same in long lines 0.4
  select ST_UnaryUnion(ST_LineMerge(ST_Collect(line)), 1) into lines from pieces;

  with faces as materialized (
    select face.path[1] as number, face.geom as face,
           ST_SetSRID(ST_Affine(ST_PointOnSurface(face.geom), unit, 0, 0, -unit, -half_world, half_world), 3857) as inside
      from ST_Dump(ST_Polygonize(array[lines])) as face
  ),
  assigned as materialized (
    select faces.*, (
      select code from (
        select commune_code as code from commune_outlines
         where max_zoom = level and ST_Intersects(geom_mercator, inside)
        union all
        select code from communes c
         where ST_Intersects(geom_mercator, inside)
           and not exists (select from commune_outlines where commune_code = c.code and max_zoom = level)
      ) as holders order by code limit 1) as code
      from faces
  ),
  filled as (
    select code, face from assigned where code is not null
    union all
    select neighbour.code, gap.face
      from assigned gap, lateral (
        select code from assigned other
         where other.code is not null and other.face && gap.face and ST_Relate(other.face, gap.face, 'F***1****')
         order by ST_Length(ST_Intersection(other.face, gap.face)) desc, code limit 1
      ) as neighbour
     where gap.code is null and ST_Area(gap.face) <= 2 * ST_Perimeter(gap.face)
  )
  insert into commune_tile_outlines (zoom, commune_code, outline)
  select tile_zoom, code,
         ST_Translate(ST_ForcePolygonCCW(ST_Multi(ST_UnaryUnion(ST_Collect(face)))), 4096 * 2.0 ^ tile_zoom, 0)
    from filled group by code;
end $$;

-- One row for each transaction that touched outlines, until its end: the outlines are made once, at commit, however many
-- statements there were, and fail with it.
create table commune_tile_outline_work (
  requested_by xid8 primary key
);

create function request_commune_tile_outlines() returns trigger language plpgsql as $$
begin
  if tg_op <> 'TRUNCATE' then
    perform from changed_rows limit 1;
    if not found then
      return null;
    end if;
  end if;
  insert into commune_tile_outline_work values (pg_current_xact_id()) on conflict do nothing;
  return null;
end $$;

create function remake_commune_tile_outlines() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('diaban commune_tile_outlines'));
  delete from commune_tile_outline_work where requested_by = new.requested_by;
  delete from commune_tile_outlines;
  for tile_zoom in 0..14 loop
    perform make_commune_tile_outlines(tile_zoom);
  end loop;
  return null;
end $$;

create constraint trigger makes_commune_tile_outlines after insert on commune_tile_outline_work
  deferrable initially deferred for each row execute function remake_commune_tile_outlines();

create function outlines_changed() returns trigger language plpgsql as $$
begin
  -- An import that changes a commune's population leaves its outline alone.
  perform from old_rows full join new_rows using (code) where old_rows.geom is distinct from new_rows.geom limit 1;
  if not found then
    return null;
  end if;
  insert into commune_tile_outline_work values (pg_current_xact_id()) on conflict do nothing;
  return null;
end $$;

create trigger inserted_changes_tile_outlines after insert on communes
  referencing new table as changed_rows for each statement execute function request_commune_tile_outlines();
create trigger updated_changes_tile_outlines after update on communes
  referencing old table as old_rows new table as new_rows for each statement execute function outlines_changed();
create trigger deleted_changes_tile_outlines after delete on communes
  referencing old table as changed_rows for each statement execute function request_commune_tile_outlines();
create trigger truncated_changes_tile_outlines after truncate on communes
  for each statement execute function request_commune_tile_outlines();
create trigger inserted_changes_tile_outlines after insert on commune_outlines
  referencing new table as changed_rows for each statement execute function request_commune_tile_outlines();
create trigger updated_changes_tile_outlines after update on commune_outlines
  referencing new table as changed_rows for each statement execute function request_commune_tile_outlines();
create trigger deleted_changes_tile_outlines after delete on commune_outlines
  referencing old table as changed_rows for each statement execute function request_commune_tile_outlines();
create trigger truncated_changes_tile_outlines after truncate on commune_outlines
  for each statement execute function request_commune_tile_outlines();

-- ------------------------------------------------------------------------------------------ counts of places

-- Below zoom 10 points are shown as hexagons with counts. A hexagon has sides of 1/64 tile at every zoom (8 pixels of
-- 512), and its sides double from one zoom to the next one out. Hexagons do not nest in hexagons, but both are made of
-- triangles, and triangles do nest: counts by the triangles of zoom 9 give every coarser hexagon exactly.
--
-- The lattice: unit vectors (1, 0) and (1/2, √3/2), lengths in sides at zoom 9, from the map's west edge and the equator.
-- (a, b) is the rhombus' lower left corner; `upper` its upper right triangle.
create table place_triangles (
  collection text not null check (collection in ('dormitories', 'schools', 'establishments')),
  b integer not null,
  a integer not null,
  upper boolean not null,
  places integer not null check (places >= 0),
  simulated_places integer not null check (simulated_places between 0 and places),
  primary key (collection, b, a, upper)
);

-- The triangle that a place lies in; a place drawn as an area counts where its inner point lies.
create function place_triangle(geom geometry) returns table (b integer, a integer, upper boolean)
language sql immutable parallel safe as $$
  select floor(v)::integer, floor(u)::integer, (u - floor(u)) + (v - floor(v)) > 1
    from (select case when ST_Dimension(geom) = 0 then geom else ST_PointOnSurface(geom) end as point offset 0) as points,
         -- 40075016.685578488 / 2^9 / 64: the side at zoom 9 in web mercator
         lateral (select (ST_X(point) + 20037508.342789244) / 1222.992452562820 as x,
                         ST_Y(point) / 1222.992452562820 as y) as sides,
         lateral (select x - y / sqrt(3.0::double precision) as u, y * 2 / sqrt(3.0::double precision) as v offset 0) as lattice
$$;

-- Triangles are visited in the key's order, so that of two writers one waits for the other and never both.
create function count_places() returns trigger language plpgsql as $$
declare
  counted constant text := tg_argv[0];
begin
  if tg_op = 'TRUNCATE' then
    delete from place_triangles where collection = counted;
    return null;
  end if;
  if tg_op = 'DELETE' or tg_op = 'UPDATE' then
    perform from place_triangles where collection = counted and (b, a, upper) in (
      select t.b, t.a, t.upper from old_rows, place_triangle(geom_mercator) as t
    ) order by b, a, upper for update;
    update place_triangles as known
       set places = known.places - gone.places, simulated_places = known.simulated_places - gone.simulated_places
      from (select t.b, t.a, t.upper, count(*) as places, count(*) filter (where simulated) as simulated_places
              from old_rows, place_triangle(geom_mercator) as t group by 1, 2, 3) as gone
     where known.collection = counted and (known.b, known.a, known.upper) = (gone.b, gone.a, gone.upper);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' then
    insert into place_triangles as known (collection, b, a, upper, places, simulated_places)
    select counted, t.b, t.a, t.upper, count(*), count(*) filter (where simulated)
      from new_rows, place_triangle(geom_mercator) as t
     group by 2, 3, 4
     order by 2, 3, 4
    on conflict (collection, b, a, upper) do update
       set places = known.places + excluded.places,
           simulated_places = known.simulated_places + excluded.simulated_places;
  end if;
  if tg_op = 'DELETE' or tg_op = 'UPDATE' then
    delete from place_triangles where collection = counted and places = 0;
  end if;
  return null;
end $$;

create function watch_places(watched regclass, counted text) returns void language plpgsql as $$
begin
  execute format('create trigger inserted_counts_places after insert on %s referencing new table as new_rows for each statement execute function count_places(%L)', watched, counted);
  execute format('create trigger updated_counts_places after update on %s referencing old table as old_rows new table as new_rows for each statement execute function count_places(%L)', watched, counted);
  execute format('create trigger deleted_counts_places after delete on %s referencing old table as old_rows for each statement execute function count_places(%L)', watched, counted);
  execute format('create trigger truncated_counts_places after truncate on %s for each statement execute function count_places(%L)', watched, counted);
end $$;

select watch_places('dormitories', 'dormitories'), watch_places('schools', 'schools'),
       watch_places('establishments', 'establishments');

select watch_data_version(watched::regclass)
  from unnest(array['commune_tile_outlines', 'commune_tile_outline_work', 'place_triangles']) as watched;

-- What a database that is in use holds already.
insert into place_triangles (collection, b, a, upper, places, simulated_places)
select collection, t.b, t.a, t.upper, count(*), count(*) filter (where simulated)
  from (select 'dormitories' as collection, geom_mercator, simulated from dormitories
        union all select 'schools', geom_mercator, simulated from schools
        union all select 'establishments', geom_mercator, simulated from establishments) as held,
       place_triangle(geom_mercator) as t
 group by 1, 2, 3, 4;
insert into commune_tile_outline_work select pg_current_xact_id() where exists (select from communes);
