import { z } from 'zod';
import { calendarDay, communeCode } from './places.ts';

export const outreachForms = [
  'direct',
  'group-discussion',
  'loudspeaker',
  'leaflet',
  'online',
  'contest',
  'counselling',
] as const;
export const audiences = [
  'residents',
  'establishment-workers',
  'industrial-workers',
  'students',
  'officers',
] as const;
export const teamLevels = ['province', 'commune'] as const;
export const inspectionOutcomes = ['no-violation', 'administrative', 'referred'] as const;
export const inspectionGrounds = ['planned', 'sign-of-violation', 'random'] as const;
export const reportStatuses = ['received', 'verified', 'classified', 'resolved'] as const;
export const integratedProgrammes = [
  'socio-economic',
  'social-security',
  'drug-control',
  'hiv-aids',
] as const;
export const outletLevels = ['central', 'local'] as const;

const count = z.number().int().nonnegative();
const reference = z.string().trim().min(1);

/** What a session was held for: at most one place, named by its own reference; null means the commune at large. */
export const outreachPlace = z
  .object({
    collection: z.enum(['industrial-parks', 'dormitories', 'schools', 'establishments']),
    reference: z.string().min(1),
  })
  .nullable();

export const outreachRecord = z.object({
  reference,
  heldOn: calendarDay,
  form: z.enum(outreachForms),
  audience: z.enum(audiences),
  communeCode,
  place: outreachPlace,
  attendance: count,
});
export type OutreachRecord = z.infer<typeof outreachRecord>;

export const inspectionRecord = z.object({
  reference,
  inspectedOn: calendarDay,
  licenseNumber: z.string().min(1),
  teamLevel: z.enum(teamLevels),
  outcome: z.enum(inspectionOutcomes),
  ground: z.enum(inspectionGrounds),
});
export type InspectionRecord = z.infer<typeof inspectionRecord>;

export const reportRecord = z.object({
  reference,
  receivedOn: calendarDay,
  dueOn: calendarDay,
  status: z.enum(reportStatuses),
  resolvedOn: calendarDay.nullable(),
  communeCode,
  /** H3 cell of resolution 7, as 15 hexadecimal digits: the only place that a report ever has. */
  h3Cell: z.string().regex(/^87[0-9a-f]{7}ffffff$/),
});
export type ReportRecord = z.infer<typeof reportRecord>;

export const communePlanRecord = z.object({
  communeCode,
  year: z.number().int().min(2003).max(2100),
  issuedOn: calendarDay,
  integratedWith: z.array(z.enum(integratedProgrammes)),
});
export type CommunePlanRecord = z.infer<typeof communePlanRecord>;

export const trainingRecord = z.object({
  reference,
  heldOn: calendarDay,
  communeCode: communeCode.nullable(),
  unit: z.string().trim().min(1),
  officersAttending: count,
  officersInPost: count,
});
export type TrainingRecord = z.infer<typeof trainingRecord>;

export const pressItemRecord = z.object({
  reference,
  publishedOn: calendarDay,
  outletLevel: z.enum(outletLevels),
});
export type PressItemRecord = z.infer<typeof pressItemRecord>;
