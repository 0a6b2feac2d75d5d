import {
  type ActivityKind,
  type ActivityRecord,
  activityDayFields,
  earliestActivityDay,
  largestAttendance,
  largestOfficers,
} from '../../contract/activities.ts';
import type { Fault } from '../../contract/problem.ts';
import type { Sentence } from '../../contract/provenance.ts';
import { personalText } from '../imports/personal-text.ts';

// What a record must be beyond the shape of its fields. The API and the imports both hold every record to these rules,
// so that a row is never taken by one road and refused by the other.

/** A rule that a record breaks, with the value that breaks it. */
export type Breach = Fault & { value: string };

export type KnownCommune = { name: string; simulated: boolean };
export type KnownPlace = {
  id: number;
  communeCode: string;
  /** Workers, residents or students; null where nobody has said. */
  people: number | null;
  /** Of an establishment. */
  activeFrom: string | null;
  activeTo: string | null;
  simulated: boolean;
};
export type PlaceReference = NonNullable<ActivityRecord<'outreach'>['place']>;

/** What of the database and the calendar the rules need to know. */
export type Surroundings = {
  /** The day in Vietnam; null where days may lie ahead: the demo on a machine whose clock is wrong. */
  today: string | null;
  commune(code: string): KnownCommune | undefined;
  place(place: PlaceReference): KnownPlace | undefined;
  /** Whether a report's cell lies in or at its commune. */
  cellIsAt(cell: string, communeCode: string): boolean;
  /** The first day of which reports are kept as rows; null where none have gone yet, or none are asked about. */
  reportsKeptFrom?: string | null;
};

export const vietnameseDay = (day: string): string => day.split('-').reverse().join('/');

/** Every rule that the record breaks; none when it can be written. */
export function breachesOf<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  known: Surroundings,
): Breach[] {
  const breaches: Breach[] = [];
  const fail: Fail = (field, rule, value, vi, en) =>
    breaches.push({ field, rule, value: String(value), message: { vi, en } });
  if ('reference' in record) checkText(fail, 'reference', record.reference, 100);
  const dayField = activityDayFields[kind];
  checkDay(fail, dayField, (record as Readonly<Record<string, unknown>>)[dayField] as string, known.today);
  (rules[kind] as Rule<Kind>)(record, known, fail);
  return breaches;
}

/** Told of each rule that is broken: the field, the rule, the value, and what it must be. */
export type Fail = (field: string, rule: string, value: unknown, vi: string, en: string) => void;
type Rule<Kind extends ActivityKind> = (
  record: ActivityRecord<Kind>,
  known: Surroundings,
  fail: Fail,
) => void;

const rules: { [Kind in ActivityKind]: Rule<Kind> } = {
  outreach({ communeCode, place, attendance }, known, fail) {
    const commune = checkCommune(fail, communeCode, known);
    if (place) {
      const found = known.place(place);
      if (!found)
        fail(
          'place',
          'unknown-place',
          place.reference,
          `mã của một ${collectionNames[place.collection].vi} có trong hệ thống`,
          `the reference of one of the ${place.collection} in the database`,
        );
      else if (commune && found.communeCode !== communeCode) {
        const there = known.commune(found.communeCode)?.name ?? found.communeCode;
        fail(
          'place',
          'place-elsewhere',
          place.reference,
          `một địa điểm trong ${commune.name}; địa điểm này thuộc ${there}: ghi ở đó, hoặc chọn địa điểm khác`,
          `a place in ${commune.name}; this one lies in ${there}: record the session there or choose another`,
        );
      }
    }
    checkCount(fail, 'attendance', attendance, largestAttendance);
  },

  inspections({ licenseNumber }, known, fail) {
    if (!known.place({ collection: 'establishments', reference: licenseNumber }))
      fail(
        'licenseNumber',
        'unknown-place',
        licenseNumber,
        'số giấy phép của một cơ sở có trong hệ thống',
        'the licence number of an establishment in the database',
      );
  },

  reports({ communeCode, h3Cell, ...days }, known, fail) {
    checkReportDays(fail, days);
    if (days.status === 'resolved' && days.resolvedOn !== null)
      checkDay(fail, 'resolvedOn', days.resolvedOn, known.today);
    const keptFrom = known.reportsKeptFrom ?? null;
    if (keptFrom !== null && days.dueOn < keptFrom)
      fail(
        'dueOn',
        'past-keeping',
        days.dueOn,
        `ngày từ ${vietnameseDay(keptFrom)} trở đi: tin báo cũ hơn đã hết thời hạn lưu, chỉ còn số liệu theo tháng`,
        `a day from ${keptFrom} on: older reports are past their time of keeping and stand as counts by month alone`,
      );
    const commune = checkCommune(fail, communeCode, known);
    if (commune && !known.cellIsAt(h3Cell, communeCode))
      fail(
        'h3Cell',
        'cell-elsewhere',
        // not the cell: what a position became may have been sent as a position
        communeCode,
        `vị trí trong ${commune.name}, hoặc cách đó không quá 500 m`,
        `a position in ${commune.name}, or within 500 m of it`,
      );
  },

  'commune-plans'({ communeCode, year, issuedOn }, known, fail) {
    checkCommune(fail, communeCode, known);
    checkPlanDay(fail, year, issuedOn);
  },

  training({ communeCode, unit, officersAttending, officersInPost }, known, fail) {
    if (communeCode !== null) checkCommune(fail, communeCode, known);
    checkText(fail, 'unit', unit, 200);
    if (personalText(unit))
      fail(
        'unit',
        'tells-of-a-person',
        // what it holds is not said again
        '…',
        'tên cơ quan, đơn vị; không ghi tên, số điện thoại hay giấy tờ của một người',
        'the name of an office, without the name, telephone or papers of a person',
      );
    checkCount(fail, 'officersInPost', officersInPost, largestOfficers);
    if (officersAttending > officersInPost)
      fail(
        'officersAttending',
        'more-than-in-post',
        officersAttending,
        `không quá số cán bộ đang công tác (${officersInPost})`,
        `at most the officers in post (${officersInPost})`,
      );
  },

  'press-items'({ communeCode }, known, fail) {
    if (communeCode !== null) checkCommune(fail, communeCode, known);
  },
};

const latestDueDay = '2100-12-31';

/** `null`: not known yet, as while a file's row is read; of `resolvedOn` it means that there is none. */
export function checkReportDays(
  fail: Fail,
  {
    receivedOn,
    dueOn,
    status,
    resolvedOn,
  }: {
    receivedOn: string | null;
    dueOn: string | null;
    status: string | null;
    resolvedOn: string | null | undefined;
  },
): void {
  if (receivedOn !== null && dueOn !== null && dueOn < receivedOn)
    fail(
      'dueOn',
      'due-before-received',
      dueOn,
      `ngày không trước ${vietnameseDay(receivedOn)}, ngày tiếp nhận`,
      `a day on or after ${receivedOn}, when it was received`,
    );
  else if (dueOn !== null && (dueOn > latestDueDay || dueOn.length > latestDueDay.length))
    fail(
      'dueOn',
      'day-too-late',
      dueOn,
      `ngày đến ${vietnameseDay(latestDueDay)}`,
      `a day up to ${latestDueDay}`,
    );
  if (status === 'resolved' && resolvedOn === null)
    fail(
      'resolvedOn',
      'resolved-without-day',
      '',
      'ngày giải quyết xong',
      'the day on which it was resolved',
    );
  if (!resolvedOn) return;
  if (status !== null && status !== 'resolved')
    fail(
      'resolvedOn',
      'day-without-resolved',
      resolvedOn,
      'để trống, trừ khi tình trạng là đã giải quyết',
      'nothing, unless the status is resolved',
    );
  if (receivedOn !== null && resolvedOn < receivedOn)
    fail(
      'resolvedOn',
      'resolved-before-received',
      resolvedOn,
      `ngày không trước ${vietnameseDay(receivedOn)}`,
      `a day on or after ${receivedOn}`,
    );
}

export function checkPlanDay(fail: Fail, year: number, issuedOn: string): void {
  const issuedIn = Number(issuedOn.slice(0, 4));
  if (issuedIn !== year && issuedIn !== year - 1)
    fail(
      'issuedOn',
      'issued-in-another-year',
      issuedOn,
      `ngày trong năm ${year - 1} hoặc ${year}`,
      `a day in ${year - 1} or ${year}`,
    );
}

const collectionNames: Readonly<Record<PlaceReference['collection'], Sentence>> = {
  'industrial-parks': { vi: 'khu công nghiệp', en: 'industrial park' },
  dormitories: { vi: 'ký túc xá, khu trọ', en: 'dormitory' },
  schools: { vi: 'trường học', en: 'school' },
  establishments: { vi: 'cơ sở kinh doanh dịch vụ', en: 'establishment' },
};

function checkCommune(fail: Fail, code: string, known: Surroundings): KnownCommune | undefined {
  const commune = known.commune(code);
  if (!commune)
    fail(
      'communeCode',
      'unknown-commune',
      code,
      'mã của một xã, phường có trong hệ thống',
      'the code of a commune in the database',
    );
  return commune;
}

function checkDay(fail: Fail, field: string, day: string, today: string | null): void {
  if (day < earliestActivityDay)
    fail(
      field,
      'day-too-early',
      day,
      `ngày từ ${vietnameseDay(earliestActivityDay)} trở đi`,
      `a day from ${earliestActivityDay} on`,
    );
  // Years past 9999 come of instants at the very end of the calendar.
  else if (today !== null && (day > today || day.length > today.length))
    fail(
      field,
      'day-in-future',
      day,
      `ngày không sau hôm nay, ${vietnameseDay(today)}: việc chưa làm thì ghi khi đã làm xong`,
      `a day up to today, ${today}: what has not happened yet is recorded once it has`,
    );
}

function checkCount(fail: Fail, field: string, value: number, most: number): void {
  if (value > most)
    fail(
      field,
      'too-many',
      value,
      `không quá ${new Intl.NumberFormat('vi-VN').format(most)}`,
      `at most ${most}`,
    );
}

function checkText(fail: Fail, field: string, value: string, longest: number): void {
  if (value.length > longest || /\p{C}/u.test(value))
    fail(
      field,
      'not-plain-text',
      value.slice(0, 40),
      `một dòng chữ thường, không quá ${longest} ký tự`,
      `plain text in one line, at most ${longest} characters`,
    );
}
