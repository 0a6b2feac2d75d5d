-- How far each form of outreach reaches beyond the place where it is held. The list of forms is that of outreach_sessions.
create table outreach_forms (
  form text primary key
    check (form in ('direct', 'group-discussion', 'loudspeaker', 'leaflet', 'online', 'contest', 'counselling')),
  name_vi text not null unique check (name_vi <> '' and name_vi is nfc normalized),
  name_en text not null unique check (name_en <> ''),
  -- null: its own place alone
  radius_meters integer check (radius_meters between 50 and 20000),
  position smallint not null unique
);
comment on table outreach_forms is
  'Radius of each form of outreach. The radii are defaults, to be set by the province: nothing in the plan prescribes them.';
comment on column outreach_forms.radius_meters is
  'Metres on the ellipsoid from the place where a session is held; places within are within reach. Null: its own place alone.';

-- A loudspeaker cluster is heard, and people walk to a meeting or a contest, some hundred metres; leaflets go from door to
-- door around the place; what is online has no around.
insert into outreach_forms (form, name_vi, name_en, radius_meters, position) values
  ('direct',           'Truyền thông trực tiếp',   'Direct talk',      500,  1),
  ('group-discussion', 'Thảo luận nhóm',           'Group discussion', 300,  2),
  ('loudspeaker',      'Phát thanh, loa truyền thanh', 'Loudspeaker',  800,  3),
  ('leaflet',          'Tờ rơi',                   'Leaflets',         300,  4),
  ('online',           'Trực tuyến',               'Online',           null, 5),
  ('contest',          'Hội thi, giao lưu',        'Contest',          500,  6),
  ('counselling',      'Tư vấn',                   'Counselling',      300,  7);

select watch_data_version('outreach_forms');
