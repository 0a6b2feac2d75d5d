import type { ActivityKind } from '../../contract/activities.ts';
import type { Language, MessageName, Translate } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import { activityFields, type ChoiceName, type FieldName } from './activity-fields.ts';
import type { AnyActivity } from './use-activities.ts';

/** What is shown of a record; a version of its history has as much. */
export type Shown = Pick<AnyActivity, 'record' | 'about'>;
export type Words = { t: Translate; language: Language; format: Formats };

export const optionName = (field: ChoiceName | 'integratedWith', option: string) =>
  `activities.options.${field}.${option}` as MessageName;

/** Every field of a record in words, in the order of the form. What the record does not have is null. */
export function recordFacts(
  kind: ActivityKind,
  { record, about }: Shown,
  { t, language, format }: Words,
): { field: FieldName; label: string; text: string | null }[] {
  const values = record as Readonly<Record<string, unknown>>;
  return activityFields[kind].map((field) => {
    const value = values[field.name];
    const text = (): string | null => {
      if (field.type === 'place')
        return value === null ? t('activities.place.whole') : (about.place?.[language] ?? String(value));
      if (field.type === 'count' && value === null) return t('plan.small.few');
      if (value === null || value === undefined) return null;
      switch (field.type) {
        case 'day':
          return format.day(String(value));
        case 'choice':
          return t(optionName(field.name, String(value)));
        case 'count':
          return format.integer(Number(value));
        case 'programmes': {
          const programmes = value as readonly string[];
          return programmes.length === 0
            ? t('activities.list.separate')
            : programmes.map((one) => t(optionName('integratedWith', one))).join('; ');
        }
        default:
          return String(value);
      }
    };
    return { field: field.name, label: t(`activities.fields.${field.name}`), text: text() };
  });
}

/** The fields in which two versions differ. */
export function differences(kind: ActivityKind, one: Shown, other: Shown, words: Words) {
  const others = recordFacts(kind, other, words);
  return recordFacts(kind, one, words).flatMap(({ field, label, text }, position) => {
    const counterpart = others[position]!.text;
    return text === counterpart ? [] : [{ field, label, one: text, other: counterpart }];
  });
}

/** A record in two lines for a list: what it was, and the rest. */
export function recordLines(
  kind: ActivityKind,
  { record, about }: Shown,
  { t, language, format }: Words,
): { day: string; title: string; detail: string } {
  const values = record as Readonly<Record<string, string | number | null>>;
  const count = (value: string | number | null | undefined) =>
    value == null ? t('plan.small.few') : format.integer(Number(value));
  const option = (field: ChoiceName) => t(optionName(field, String(values[field])));
  const place = about.place?.[language] ?? t('activities.place.whole');
  const lines = (day: string, title: string, details: (string | null | undefined)[]) => ({
    day: format.day(String(values[day])),
    title,
    detail: details.filter(Boolean).join(' · '),
  });
  switch (kind) {
    case 'outreach':
      return lines('heldOn', option('form'), [
        place,
        option('audience'),
        values.attendance === null
          ? t('activities.list.fewPeople')
          : t('activities.list.people', { count: Number(values.attendance) }),
      ]);
    case 'inspections':
      return lines('inspectedOn', about.place?.[language] ?? String(values.licenseNumber), [
        option('outcome'),
        option('ground'),
        option('teamLevel'),
      ]);
    case 'reports':
      return lines('receivedOn', option('status'), [
        t('activities.list.due', { day: format.day(String(values.dueOn)) }),
        t('activities.list.cell', { cell: String(values.h3Cell) }),
      ]);
    case 'commune-plans':
      return lines('issuedOn', t('activities.list.planOf', { year: String(values.year) }), [
        recordFacts(kind, { record, about }, { t, language, format }).find(
          ({ field }) => field === 'integratedWith',
        )?.text,
      ]);
    case 'training':
      return lines('heldOn', String(values.unit), [
        t('activities.list.officers', {
          attending: count(values.officersAttending),
          post: count(values.officersInPost),
        }),
      ]);
    case 'press-items':
      return lines('publishedOn', option('outletLevel'), [String(values.reference)]);
  }
}

/** "23/11/2026 14:05", in Vietnam wherever it is read. */
export const momentText = (instant: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(new Date(instant))
    .replace(',', '');

/** Who did something: an account, or one of the two names that the system gives. */
export const actorText = (by: string, t: Translate): string =>
  by === 'local' || by === 'import' ? t(`activities.by.${by}`) : by;
