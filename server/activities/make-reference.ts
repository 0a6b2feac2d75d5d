import { randomInt } from 'node:crypto';
import type { ActivityKind } from '../../contract/activities.ts';

// Tuyên truyền, kiểm tra, tin báo, tập huấn, báo chí. A plan is named by its commune and year.
const prefixes: Readonly<Record<Exclude<ActivityKind, 'commune-plans'>, string>> = {
  outreach: 'TT',
  inspections: 'KT',
  reports: 'TB',
  training: 'TH',
  'press-items': 'BC',
};
// Without I, L, O and U, which are misread or spell words (Crockford).
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A reference that says the kind and the day and can be read out over the telephone: `TT-2026-11-23-7K3Q`. One of a
 * million for a kind and a day; the table tells when it is taken, and another is drawn.
 */
export const makeReference = (
  kind: Exclude<ActivityKind, 'commune-plans'>,
  day: string,
  draw: (below: number) => number = randomInt,
): string =>
  `${prefixes[kind]}-${day}-${Array.from({ length: 4 }, () => letters[draw(letters.length)]).join('')}`;
