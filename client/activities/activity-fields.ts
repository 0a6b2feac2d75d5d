import {
  type ActivityKind,
  audiences,
  inspectionGrounds,
  inspectionOutcomes,
  integratedProgrammes,
  largestAttendance,
  largestOfficers,
  outletLevels,
  outreachForms,
  reportStatuses,
  teamLevels,
} from '../../contract/activities.ts';

/** Fields of which one of a few is chosen, with what there is to choose. */
export const choices = {
  form: outreachForms,
  audience: audiences,
  teamLevel: teamLevels,
  outcome: inspectionOutcomes,
  ground: inspectionGrounds,
  status: reportStatuses,
  outletLevel: outletLevels,
} as const;
export type ChoiceName = keyof typeof choices;

export type Field =
  | {
      type: 'day';
      name: 'heldOn' | 'inspectedOn' | 'receivedOn' | 'dueOn' | 'resolvedOn' | 'issuedOn' | 'publishedOn';
    }
  | { type: 'choice'; name: ChoiceName }
  | { type: 'place'; name: 'place' | 'licenseNumber' }
  | { type: 'count'; name: 'attendance' | 'officersAttending' | 'officersInPost'; most: number }
  | { type: 'cell'; name: 'h3Cell' }
  | { type: 'year'; name: 'year' }
  | { type: 'programmes'; name: 'integratedWith' }
  | { type: 'text'; name: 'unit' | 'reference'; most: number };
export type FieldName = Field['name'];

const reference = { type: 'text', name: 'reference', most: 100 } as const;

/** What is asked of each kind, in the order of the form. The commune is that of the panel and is not asked for. */
export const activityFields: Readonly<Record<ActivityKind, readonly Field[]>> = {
  outreach: [
    { type: 'day', name: 'heldOn' },
    { type: 'choice', name: 'form' },
    { type: 'choice', name: 'audience' },
    { type: 'place', name: 'place' },
    { type: 'count', name: 'attendance', most: largestAttendance },
    reference,
  ],
  inspections: [
    { type: 'day', name: 'inspectedOn' },
    { type: 'place', name: 'licenseNumber' },
    { type: 'choice', name: 'teamLevel' },
    { type: 'choice', name: 'ground' },
    { type: 'choice', name: 'outcome' },
    reference,
  ],
  reports: [
    { type: 'day', name: 'receivedOn' },
    { type: 'day', name: 'dueOn' },
    { type: 'choice', name: 'status' },
    { type: 'day', name: 'resolvedOn' },
    { type: 'cell', name: 'h3Cell' },
    reference,
  ],
  'commune-plans': [
    { type: 'year', name: 'year' },
    { type: 'day', name: 'issuedOn' },
    { type: 'programmes', name: 'integratedWith' },
  ],
  training: [
    { type: 'day', name: 'heldOn' },
    { type: 'text', name: 'unit', most: 200 },
    { type: 'count', name: 'officersAttending', most: largestOfficers },
    { type: 'count', name: 'officersInPost', most: largestOfficers },
    reference,
  ],
  'press-items': [{ type: 'day', name: 'publishedOn' }, { type: 'choice', name: 'outletLevel' }, reference],
};

export const programmes = integratedProgrammes;
