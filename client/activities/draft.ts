import {
  type ActivityBodyInput,
  type ActivityKind,
  type ActivityRecord,
  activityBodies,
  activityDayFields,
  activityPlaceCollections,
  earliestActivityDay,
} from '../../contract/activities.ts';
import type { Activity } from '../../contract/activity-endpoints.ts';
import type { Sentence } from '../../contract/provenance.ts';
import type { MessageName } from '../i18n/language.ts';
import { activityFields, type Field, type FieldName } from './activity-fields.ts';
import { dayAfter, dayText, readCount, readShortDay } from './field-texts.ts';

/**
 * What stands in the fields of a form, as it was typed or chosen. `place` is `collection/reference`, empty for the commune
 * at large; `placeText` is what has been typed to find one and not yet been chosen; programmes are parted by commas.
 */
export type Draft = {
  readonly [Name in FieldName | 'placeText']?: string;
};

/** What the server says that a field must be. */
export type ServerError = { expected: Sentence };
/** The name of a message with what is filled in, or the server's own words. */
export type FieldError = { name: MessageName; values?: Record<string, string | number> } | ServerError;
export type FieldErrors = Partial<Record<FieldName, FieldError>>;

/** Choices that one person makes again and again, kept for the next form. */
export const rememberedFields = [
  'form',
  'audience',
  'teamLevel',
  'ground',
  'outletLevel',
  'officersInPost',
] as const satisfies readonly FieldName[];
export type Remembered = { readonly [Name in (typeof rememberedFields)[number]]?: string };

/** Article 147 of the Criminal Procedure Code gives 20 days to deal with a report. The day stays open to correction. */
const daysToResolve = 20;

type Setting = { today: string; unit: string; remembered: Remembered };

export function newDraft(kind: ActivityKind, { today, unit, remembered }: Setting): Draft {
  const day = dayText(today);
  switch (kind) {
    case 'outreach':
      return {
        heldOn: day,
        form: remembered.form ?? 'direct',
        audience: remembered.audience ?? 'residents',
        place: '',
        attendance: '',
      };
    case 'inspections':
      return {
        inspectedOn: day,
        licenseNumber: '',
        teamLevel: remembered.teamLevel ?? 'commune',
        ground: remembered.ground ?? 'planned',
        outcome: '',
      };
    case 'reports':
      return {
        receivedOn: day,
        dueOn: dayText(dayAfter(today, daysToResolve)),
        status: 'received',
        resolvedOn: '',
        h3Cell: '',
      };
    case 'commune-plans':
      return { year: today.slice(0, 4), issuedOn: day, integratedWith: '' };
    case 'training':
      return { heldOn: day, unit, officersAttending: '', officersInPost: remembered.officersInPost ?? '' };
    case 'press-items':
      return { publishedOn: day, outletLevel: remembered.outletLevel ?? 'local' };
  }
}

/** The draft from which a record that stands is corrected. Its reference is its name for good and is not in it. */
export function draftOf<Kind extends ActivityKind>(kind: Kind, record: Activity<Kind>['record']): Draft {
  const values = record as Readonly<Record<string, unknown>>;
  const draft: { [Name in FieldName]?: string } = {};
  for (const { type, name } of activityFields[kind]) {
    const value = values[name];
    if (name === 'reference') continue;
    else if (type === 'day') draft[name] = typeof value === 'string' ? dayText(value) : '';
    else if (type === 'programmes') draft[name] = (value as readonly string[]).join(',');
    else if (name === 'place') draft[name] = placeKey(value as OutreachPlace);
    else if (name === 'licenseNumber')
      draft[name] = placeKey({ collection: 'establishments', reference: String(value) });
    // a small count that another recorded is not told: whoever corrects it counts anew
    else draft[name] = value === null ? '' : String(value);
  }
  return draft;
}

type OutreachPlace = ActivityRecord<'outreach'>['place'];

export const placeKey = (place: OutreachPlace): string =>
  place === null ? '' : `${place.collection}/${place.reference}`;

/** A reference may hold slashes, a collection's name never. */
export function placeOfKey(key: string): OutreachPlace {
  const at = key.indexOf('/');
  const collection = activityPlaceCollections.find((one) => one === key.slice(0, at));
  return collection ? { collection, reference: key.slice(at + 1) } : null;
}

/** The day that a field says; null where it says none. What is due is due after it was received, all else is past. */
export function readDayField(
  name: Extract<Field, { type: 'day' }>['name'],
  draft: Draft,
  today: string,
): string | null {
  const text = draft[name] ?? '';
  if (name !== 'dueOn') return readShortDay(text, today);
  return readShortDay(text, readShortDay(draft.receivedOn ?? '', today) ?? today, { coming: true });
}

/** A field filled in, and what follows from it in the others as long as nobody has said otherwise. */
export function changed(draft: Draft, name: keyof Draft, value: string, today: string): Draft {
  const next: Draft = { ...draft, [name]: value };
  if (name === 'receivedOn') {
    const before = readDayField('receivedOn', draft, today);
    const after = readDayField('receivedOn', next, today);
    const followed = before !== null && draft.dueOn === dayText(dayAfter(before, daysToResolve));
    if (followed && after) return { ...next, dueOn: dayText(dayAfter(after, daysToResolve)) };
  }
  if (name === 'status')
    return { ...next, resolvedOn: value === 'resolved' ? draft.resolvedOn || dayText(today) : '' };
  return next;
}

/** A report has a day of resolution only once it is resolved. */
export const isAsked = ({ name }: Field, draft: Draft): boolean =>
  name !== 'resolvedOn' || draft.status === 'resolved';

export const isSameDraft = (one: Draft, other: Draft): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Draft>;
  return [...names].every((name) => (one[name] ?? '') === (other[name] ?? ''));
};

/** What the next form of the kind starts from. */
export const rememberedOf = (draft: Draft): Remembered =>
  Object.fromEntries(rememberedFields.flatMap((name) => (draft[name] ? [[name, draft[name]]] : [])));

/** The next of the same kind: the day and the choices again, what was counted and where left open. */
export function nextLike(draft: Draft): Draft {
  const {
    place: _place,
    placeText: _text,
    attendance: _attendance,
    licenseNumber: _license,
    outcome: _outcome,
    officersAttending: _officers,
    h3Cell: _cell,
    reference: _reference,
    ...rest
  } = draft;
  return rest;
}

export type Read<Kind extends ActivityKind> =
  | { body: ActivityBodyInput<Kind>; errors: null }
  | { body: null; errors: FieldErrors };

/**
 * The body that a draft stands for, or what is wrong in which field. The shape of every field is the contract's; days
 * ahead are found here already, since they are the commonest slip. What needs the database is the server's to say.
 */
export function readDraft<Kind extends ActivityKind>(
  kind: Kind,
  draft: Draft,
  { communeCode, today }: { communeCode: string; today: string },
): Read<Kind> {
  const errors: FieldErrors = {};
  const values: Record<string, unknown> = kind === 'inspections' ? {} : { communeCode };
  for (const field of activityFields[kind]) {
    const read = isAsked(field, draft) ? readField(field, draft, today) : { value: null };
    if ('error' in read) errors[field.name] = read.error;
    else if (read.value !== undefined) values[field.name] = read.value;
  }
  const ahead = activityDayFields[kind];
  for (const name of [ahead, 'resolvedOn'] as const) {
    const day = values[name];
    if (typeof day !== 'string' || errors[name]) continue;
    if (day > today) errors[name] = { name: 'activities.errors.dayAhead', values: { today: dayText(today) } };
    else if (day < earliestActivityDay)
      errors[name] = {
        name: 'activities.errors.dayEarly',
        values: { first: dayText(earliestActivityDay) },
      };
  }
  if (Object.keys(errors).length > 0) return { body: null, errors };

  const parsed = activityBodies[kind].safeParse(values);
  if (parsed.success) return { body: values as ActivityBodyInput<Kind>, errors: null };
  for (const { path } of parsed.error.issues) {
    const field = activityFields[kind].find(({ name }) => name === path[0]);
    if (field) errors[field.name] = allowed(field);
  }
  return { body: null, errors };
}

function readField(field: Field, draft: Draft, today: string): { value: unknown } | { error: FieldError } {
  const text = (draft[field.name] ?? '').trim();
  switch (field.type) {
    case 'day': {
      const day = readDayField(field.name, draft, today);
      return day ? { value: day } : { error: allowed(field) };
    }
    case 'count': {
      const count = readCount(text);
      return count !== null && count <= field.most ? { value: count } : { error: allowed(field) };
    }
    case 'year':
      return /^\d{4}$/.test(text) ? { value: Number(text) } : { error: allowed(field) };
    case 'programmes':
      return { value: text === '' ? [] : text.split(',') };
    case 'place': {
      const place = placeOfKey(text);
      if (field.name === 'licenseNumber')
        return place ? { value: place.reference } : { error: allowed(field) };
      return draft.placeText?.trim() && place === null
        ? { error: { name: 'activities.errors.placeText' } }
        : { value: place };
    }
    case 'text':
      if (text === '') return field.name === 'reference' ? { value: undefined } : { error: allowed(field) };
      return { value: text };
    default:
      return text === '' ? { error: allowed(field) } : { value: text };
  }
}

/** What a field must be, said beside it. */
function allowed(field: Field): FieldError {
  if (field.type === 'day') return { name: 'activities.errors.day' };
  if (field.type === 'count') return { name: 'activities.errors.count', values: { most: field.most } };
  if (field.type === 'text') return { name: 'activities.errors.text', values: { most: field.most } };
  if (field.type === 'year') return { name: 'activities.errors.year' };
  if (field.type === 'place') return { name: 'activities.errors.establishment' };
  if (field.type === 'cell') return { name: 'activities.errors.cell' };
  return { name: 'activities.errors.choice' };
}
