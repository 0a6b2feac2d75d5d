import type { Asker } from '../../contract/access.ts';
import type { ActivityKind, ActivityRecord } from '../../contract/activities.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Fault } from '../../contract/problem.ts';
import { ofAnotherCommune } from '../access/commune-asked.ts';
import type { Transaction } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import { idempotencyDays } from './idempotency-queries.ts';
import { readTaken } from './record-queries.ts';
import type { Unnumbered } from './sent-record.ts';

// Why something is not recorded, and what to do about it.

export function refused(faults: Fault[]): ProblemError {
  const first = faults[0]!;
  return new ProblemError(422, 'The record breaks a rule', {
    where: `body ${first.field}`,
    detail: faults.map(({ field, message }) => `${field}: expected ${message.en}`).join('; '),
    remedy: 'Correct what is named and send it again. Nothing was recorded.',
    faults,
  });
}

export const nothingThere = (id: number) =>
  new ProblemError(404, 'There is no such record', {
    where: 'path id',
    detail: `no record has the id ${id}`,
    remedy: 'Look for it in the list of its kind.',
  });

/** What the role may see and not change, or not record: the database refuses it. */
export const notYours = (where: string, detail: string) =>
  new ProblemError(403, 'This is not yours to record', {
    where,
    detail,
    remedy: 'Record what is of your own commune and team; have the planners of the province do the rest.',
  });

/** What a commune's account may not record, by what the record itself says; places of other communes are unknown to it. */
export function refuseWhatIsNotOwn<Kind extends ActivityKind>(
  asker: Pick<Asker, 'role' | 'commune'>,
  kind: Kind,
  record: Unnumbered<Kind> | ActivityRecord<Kind>,
): void {
  if (asker.role !== 'commune') return;
  const { communeCode, teamLevel } = record as { communeCode?: string | null; teamLevel?: string };
  if (kind === 'inspections') {
    if (teamLevel !== 'commune')
      throw notYours('body teamLevel', 'a commune records the inspections of its own team alone');
  } else if (communeCode !== asker.commune) throw ofAnotherCommune('body communeCode');
}

export const changedMeanwhile = (version: number) =>
  new ProblemError(412, 'Someone else has changed the record', {
    where: 'header If-Match',
    detail: `it is at version ${version}`,
    remedy: 'Read it again, see what changed, and make your change upon that.',
    version,
  });

export const alreadyWithdrawn = (at: Date, version: number) =>
  new ProblemError(409, 'The record was withdrawn', {
    where: 'path id',
    detail: `it was withdrawn on ${dayInVietnam(at)}`,
    remedy: 'A withdrawn record stays as it is. Record the activity anew if it stands after all.',
    version,
  });

export const keyUsed = () =>
  new ProblemError(422, 'The key was used for another request', {
    where: 'header Idempotency-Key',
    detail: `within ${idempotencyDays} days the same key came with another body or for another kind`,
    remedy: 'Use a new key for what is new; send what is repeated exactly as before.',
  });

/** Who has the reference, or the standing plan of the commune and year. */
export async function taken<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  record: ActivityRecord<Kind>,
): Promise<ProblemError> {
  const found = await readTaken(transaction, kind, record);
  const what =
    'reference' in record ? `the reference ${record.reference}` : 'a plan of this commune for this year';
  return new ProblemError(409, 'It is on record already', {
    where: 'reference' in record ? 'body reference' : 'body year',
    detail: found
      ? `${what} is on record with the id ${found.id}${found.withdrawn ? ', withdrawn' : ''}`
      : `${what} is on record`,
    // One that the asker may not see is told of no further.
    remedy:
      !found || found.withdrawn
        ? 'A reference stays with what was recorded under it. Give another, or none.'
        : 'Correct the one that is there instead, or withdraw it first.',
    ...(found ? { version: found.version } : {}),
  });
}
