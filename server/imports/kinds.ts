import type { MultiPolygon, Point, Polygon } from 'geojson';
import type {
  CommunePlanRecord,
  InspectionRecord,
  OutreachRecord,
  PressItemRecord,
  ReportRecord,
  TrainingRecord,
} from '../../contract/activities.ts';
import type {
  BorderAreaRecord,
  CommuneRecord,
  DormitoryRecord,
  EstablishmentRecord,
  IndustrialParkRecord,
  SchoolRecord,
} from '../../contract/places.ts';

/** What can be brought in, in the order in which an empty database needs it. */
export const importKinds = [
  'communes',
  'border-areas',
  'industrial-parks',
  'dormitories',
  'schools',
  'establishments',
  'outreach',
  'inspections',
  'reports',
  'commune-plans',
  'training',
  'press-items',
] as const;
export type ImportKind = (typeof importKinds)[number];

/** A place's facts with its geometry (EPSG:4326, `[lon, lat]`). */
export type PlaceInput<Facts, Shape> = { record: Facts; geometry: Shape };
export type AreaShape = Polygon | MultiPolygon;

/** What `writeRecords` takes, by kind. */
export type InputByKind = {
  communes: PlaceInput<CommuneRecord, AreaShape>;
  'border-areas': PlaceInput<BorderAreaRecord, AreaShape>;
  'industrial-parks': PlaceInput<IndustrialParkRecord, AreaShape>;
  dormitories: PlaceInput<DormitoryRecord, Point | AreaShape>;
  schools: PlaceInput<SchoolRecord, Point>;
  establishments: PlaceInput<EstablishmentRecord, Point>;
  outreach: OutreachRecord;
  inspections: InspectionRecord;
  reports: ReportRecord;
  'commune-plans': CommunePlanRecord;
  training: TrainingRecord;
  'press-items': PressItemRecord;
};
