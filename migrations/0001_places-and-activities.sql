-- The places and activities of the programme. Places, never persons: no column of any table below may hold
-- a name, identity number, telephone, birth date, photograph or free text about a person.
--
-- Geometries are EPSG:4326; the `_mercator` twins are kept for tiles (571 against 395 tiles/s when measured).
-- Everything is keyed by the commune's 5-digit code as text. Nothing assumes that there is one province.

create extension if not exists postgis;

-- One row, moved at most once by each writing transaction, at its first write. A row and not a sequence: a
-- sequence moves before the data are visible, so that a reader could keep old data under the new version.
create table data_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null,
  moved_by xid8 not null,
  moved_at timestamptz not null
);
insert into data_version (version, moved_by, moved_at) values (1, pg_current_xact_id(), now());

-- Statement triggers with transition tables: a statement that changes no row (an import repeated) moves nothing.
create function move_data_version() returns trigger language plpgsql as $$
begin
  if tg_op <> 'TRUNCATE' then
    perform from changed_rows limit 1;
    if not found then
      return null;
    end if;
  end if;
  update data_version
     set version = version + 1, moved_by = pg_current_xact_id(), moved_at = now()
   where moved_by <> pg_current_xact_id();
  return null;
end $$;

create function watch_data_version(watched regclass) returns void language plpgsql as $$
begin
  execute format('create trigger inserted_moves_data_version after insert on %s referencing new table as changed_rows for each statement execute function move_data_version()', watched);
  execute format('create trigger updated_moves_data_version after update on %s referencing new table as changed_rows for each statement execute function move_data_version()', watched);
  execute format('create trigger deleted_moves_data_version after delete on %s referencing old table as changed_rows for each statement execute function move_data_version()', watched);
  execute format('create trigger truncated_moves_data_version after truncate on %s for each statement execute function move_data_version()', watched);
end $$;

-- ------------------------------------------------------------------------------------------------- places

create table provinces (
  code text primary key check (code ~ '^[0-9]{2}$'),
  name text not null check (name <> '' and name is nfc normalized)
);

-- Outlines of provinces around, from which the adjoining border areas are derived.
create table neighbour_provinces (
  code text primary key check (code ~ '^[0-9]{2}$'),
  name text not null check (name <> '' and name is nfc normalized),
  geom geometry(MultiPolygon, 4326) not null check (ST_IsValid(geom)),
  simulated boolean not null default false
);
create index on neighbour_provinces using gist (geom);

create table communes (
  code text primary key check (code ~ '^[0-9]{5}$'),
  province_code text not null references provinces on delete restrict,
  name text not null check (name <> '' and name is nfc normalized),
  -- lower case, no diacritics, tone position and đ folded: what search compares, never what identity does
  search_key text not null,
  type text not null check (type in ('xã', 'phường', 'đặc khu')),
  terrain text check (terrain in ('mountainous', 'lowland', 'coastal', 'urban')),
  population integer check (population >= 0),
  area_square_km double precision not null check (area_square_km > 0),
  former_province text,
  former_units text,
  adjoining_provinces text[] not null default '{}',
  coastal boolean not null default false,
  simulated boolean not null default false,
  geom geometry(MultiPolygon, 4326) not null check (ST_IsValid(geom) and not ST_IsEmpty(geom)),
  geom_mercator geometry(MultiPolygon, 3857) not null generated always as (ST_Transform(geom, 3857)) stored,
  -- where a label or a symbol for the whole commune stands; always within the outline
  label_point geometry(Point, 4326) not null generated always as (ST_PointOnSurface(geom)) stored
);
create index on communes using gist (geom);
create index on communes using gist (geom_mercator);
create index on communes (province_code);

-- Outlines simplified as one coverage, so that neighbours stay glued at every zoom.
-- `max_zoom` is the last zoom that the row serves; beyond the greatest the exact outline does.
create table commune_outlines (
  commune_code text not null references communes on delete cascade,
  max_zoom smallint not null check (max_zoom between 0 and 22),
  tolerance_meters double precision not null check (tolerance_meters > 0),
  geom_mercator geometry(MultiPolygon, 3857) not null,
  primary key (max_zoom, commune_code)
);
create index on commune_outlines using gist (geom_mercator);

-- giáp ranh (adjoining another province) and biên giới biển (coastal border): derived, never drawn.
create table border_areas (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('adjoining', 'coastal')),
  commune_code text not null references communes on delete cascade,
  neighbour_province text,
  width_meters double precision not null check (width_meters > 0),
  derivation text not null check (derivation in ('neighbour-outline', 'listed-neighbours', 'coast', 'imported')),
  simulated boolean not null default false,
  geom geometry(MultiPolygon, 4326) not null check (ST_IsValid(geom) and not ST_IsEmpty(geom)),
  geom_mercator geometry(MultiPolygon, 3857) not null generated always as (ST_Transform(geom, 3857)) stored,
  check ((kind = 'adjoining') = (neighbour_province is not null)),
  unique nulls not distinct (commune_code, kind, neighbour_province)
);
create index on border_areas using gist (geom);
create index on border_areas using gist (geom_mercator);

create table industrial_parks (
  id bigint generated always as identity primary key,
  -- what the source calls the place for good: a second import of it updates the row
  reference text not null unique check (reference <> ''),
  name text not null check (name <> '' and name is nfc normalized),
  commune_code text not null references communes on delete restrict,
  workers integer check (workers >= 0),
  simulated boolean not null default false,
  geom geometry(MultiPolygon, 4326) not null check (ST_IsValid(geom) and not ST_IsEmpty(geom)),
  geom_mercator geometry(MultiPolygon, 3857) not null generated always as (ST_Transform(geom, 3857)) stored
);
create index on industrial_parks using gist (geom);
create index on industrial_parks using gist (geom_mercator);
create index on industrial_parks (commune_code);

create table dormitories (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  name text not null check (name <> '' and name is nfc normalized),
  kind text not null check (kind in ('student-dormitory', 'workers-housing', 'social-housing', 'specialists-lodging')),
  commune_code text not null references communes on delete restrict,
  residents integer check (residents >= 0),
  simulated boolean not null default false,
  geom geometry(Geometry, 4326) not null
    check (ST_GeometryType(geom) in ('ST_Point', 'ST_Polygon', 'ST_MultiPolygon') and ST_IsValid(geom) and not ST_IsEmpty(geom)),
  geom_mercator geometry(Geometry, 3857) not null generated always as (ST_Transform(geom, 3857)) stored
);
create index on dormitories using gist (geom);
create index on dormitories using gist (geom_mercator);
create index on dormitories (commune_code);

create table schools (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  name text not null check (name <> '' and name is nfc normalized),
  kind text not null check (kind in ('upper-secondary', 'university-college', 'vocational')),
  commune_code text not null references communes on delete restrict,
  students integer check (students >= 0),
  simulated boolean not null default false,
  geom geometry(Point, 4326) not null check (not ST_IsEmpty(geom)),
  geom_mercator geometry(Point, 3857) not null generated always as (ST_Transform(geom, 3857)) stored
);
create index on schools using gist (geom);
create index on schools using gist (geom_mercator);
create index on schools (commune_code);

-- The list of categories is data: an import may add to it, the code never names one.
create table establishment_categories (
  code text primary key check (code ~ '^[a-z]+(-[a-z]+)*$'),
  name_vi text not null unique,
  name_en text not null unique,
  lead_agency text not null check (lead_agency in ('cong-an', 'so-y-te', 'so-van-hoa-the-thao', 'so-du-lich')),
  position smallint not null unique
);
insert into establishment_categories (code, name_vi, name_en, lead_agency, position) values
  ('hotel',          'Khách sạn',                 'Hotel',              'so-du-lich',          1),
  ('guest-house',    'Nhà nghỉ',                  'Guest house',        'cong-an',             2),
  ('rented-lodging', 'Nhà trọ, phòng cho thuê',   'Rented lodging',     'cong-an',             3),
  ('tourist-site',   'Khu, điểm du lịch',         'Tourist site',       'so-du-lich',          4),
  ('restaurant',     'Nhà hàng',                  'Restaurant',         'so-y-te',             5),
  ('karaoke',        'Karaoke',                   'Karaoke',            'so-van-hoa-the-thao', 6),
  ('dance-club-bar', 'Vũ trường, quán bar',       'Dance club or bar',  'so-van-hoa-the-thao', 7),
  ('massage-sauna',  'Xoa bóp, xông hơi',         'Massage or sauna',   'so-y-te',             8),
  ('hairdresser',    'Cắt tóc, gội đầu',          'Hairdresser',        'so-y-te',             9),
  ('cafe',           'Cà phê, giải khát',         'Café',               'so-van-hoa-the-thao', 10),
  ('other',          'Loại hình khác',            'Other',              'cong-an',             11);

create table establishments (
  id bigint generated always as identity primary key,
  license_number text not null unique check (license_number <> ''),
  category text not null references establishment_categories on delete restrict,
  lead_agency text not null check (lead_agency in ('cong-an', 'so-y-te', 'so-van-hoa-the-thao', 'so-du-lich')),
  commune_code text not null references communes on delete restrict,
  workers integer check (workers >= 0),
  active_from date not null,
  active_to date check (active_to >= active_from),
  simulated boolean not null default false,
  geom geometry(Point, 4326) not null check (not ST_IsEmpty(geom)),
  geom_mercator geometry(Point, 3857) not null generated always as (ST_Transform(geom, 3857)) stored
);
create index on establishments using gist (geom);
create index on establishments using gist (geom_mercator);
create index on establishments (commune_code, category);

-- --------------------------------------------------------------------------------------------- activities

create table outreach_sessions (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  held_on date not null,
  form text not null check (form in ('direct', 'group-discussion', 'loudspeaker', 'leaflet', 'online', 'contest', 'counselling')),
  audience text not null check (audience in ('residents', 'establishment-workers', 'industrial-workers', 'students', 'officers')),
  commune_code text not null references communes on delete restrict,
  -- the place it was held for, at most one; none means the commune at large
  industrial_park_id bigint references industrial_parks on delete restrict,
  dormitory_id bigint references dormitories on delete restrict,
  school_id bigint references schools on delete restrict,
  establishment_id bigint references establishments on delete restrict,
  attendance integer not null check (attendance >= 0),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now(),
  check (num_nonnulls(industrial_park_id, dormitory_id, school_id, establishment_id) <= 1)
);
create index on outreach_sessions (held_on);
create index on outreach_sessions (commune_code, held_on);

create table inspections (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  inspected_on date not null,
  establishment_id bigint not null references establishments on delete restrict,
  team_level text not null check (team_level in ('province', 'commune')),
  outcome text not null check (outcome in ('no-violation', 'administrative', 'referred')),
  ground text not null check (ground in ('planned', 'sign-of-violation', 'random')),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now()
);
create index on inspections (establishment_id, inspected_on);
create index on inspections (inspected_on);

-- Tin báo. Coarse when written: an H3 cell of resolution 7 (about 5 km²), never an address or a point.
create table reports (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  received_on date not null,
  due_on date not null check (due_on >= received_on),
  status text not null check (status in ('received', 'verified', 'classified', 'resolved')),
  resolved_on date check (resolved_on >= received_on),
  commune_code text not null references communes on delete restrict,
  h3_cell text not null check (h3_cell ~ '^87[0-9a-f]{7}ffffff$'),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now(),
  check ((status = 'resolved') = (resolved_on is not null))
);
create index on reports (received_on);
create index on reports (commune_code, received_on);

create table commune_plans (
  id bigint generated always as identity primary key,
  commune_code text not null references communes on delete restrict,
  year smallint not null check (year between 2003 and 2100),
  issued_on date not null,
  integrated_with text[] not null default '{}'
    check (integrated_with <@ array['socio-economic', 'social-security', 'drug-control', 'hiv-aids']),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now(),
  unique (commune_code, year),
  check (extract(year from issued_on) between year - 1 and year)
);

-- commune_code null: officers of the province's own agencies.
create table trainings (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  held_on date not null,
  commune_code text references communes on delete restrict,
  unit text not null check (unit <> ''),
  officers_attending integer not null check (officers_attending >= 0),
  officers_in_post integer not null check (officers_in_post >= 0),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now()
);
create index on trainings (held_on);

create table press_items (
  id bigint generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  published_on date not null,
  outlet_level text not null check (outlet_level in ('central', 'local')),
  simulated boolean not null default false,
  recorded_at timestamptz not null default now()
);
create index on press_items (published_on);

-- What was brought in, from where: the sources named on screens and in exports.
create table data_imports (
  id bigint generated always as identity primary key,
  kind text not null,
  source text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  row_count integer not null check (row_count >= 0),
  changed_count integer not null check (changed_count >= 0),
  simulated boolean not null default false,
  imported_at timestamptz not null default now()
);

select watch_data_version(watched::regclass) from unnest(array[
  'provinces', 'neighbour_provinces', 'communes', 'commune_outlines', 'border_areas', 'industrial_parks', 'dormitories',
  'schools', 'establishment_categories', 'establishments', 'outreach_sessions', 'inspections', 'reports',
  'commune_plans', 'trainings', 'press_items'
]) as watched;
