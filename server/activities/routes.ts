import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Request, Response } from 'express';
import {
  type Activity,
  type ActivityAnswer,
  type ActivityBody,
  type ActivityKind,
  type ActivityRecord,
  activityDayFields,
  activityEndpoints,
  activityKinds,
  activityPlacesEndpoint,
} from '../../contract/activities.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import type { Database, Transaction } from '../db/database.ts';
import { requiredVersions } from '../http/if-match.ts';
import { ProblemError } from '../http/problem.ts';
import { type Asked, type Route, route } from '../http/route.ts';
import { answeredNotModified, versioned } from '../http/versioned.ts';
import { actorOf } from './actor.ts';
import { idempotencyDays, keepAnswer, takeKey } from './idempotency-queries.ts';
import { makeReference } from './make-reference.ts';
import { noticesOf } from './notices.ts';
import { searchPlaces } from './place-search.ts';
import { type Listing, readActivity, readActivityPlaces, readPage, readVersions } from './reading-queries.ts';
import {
  actAs,
  insertActivity,
  lockActivity,
  readAllSimulated,
  readTaken,
  updateActivity,
  withdrawActivity,
} from './record-queries.ts';
import { cellAround } from './report-cell.ts';
import { breachesOf, type Surroundings } from './rules.ts';
import { namedBy, readSurroundings } from './surroundings-queries.ts';

export type RecordingParts = {
  db: Database;
  clock: () => Date;
  checkResponses: boolean;
  /** Draws the last letters of a reference; tests give their own. */
  draw?: (below: number) => number;
};

/** Everything that can be done with the six kinds of activity. */
export function activityRoutes(parts: RecordingParts): Route[] {
  const { db, clock, checkResponses } = parts;
  return [
    route(
      activityPlacesEndpoint,
      versioned(db, clock, async ({ query }, transaction) => {
        const all = await readActivityPlaces(transaction, query.commune, query.collections);
        const { on } = query;
        const licensed =
          on === undefined
            ? all
            : all.filter(
                ({ activeFrom, activeTo }) =>
                  (activeFrom === null || activeFrom <= on) && (activeTo === null || activeTo >= on),
              );
        const found = searchPlaces(licensed, query.text ?? '');
        return { matched: found.length, places: found.slice(0, query.limit) };
      }),
      { checkResponses },
    ),
    ...activityKinds.flatMap((kind) => routesOf(kind, parts)),
  ];
}

type Loose = Asked<Endpoint> & { params: { id: number }; query: Listing; body: unknown };

function routesOf<Kind extends ActivityKind>(
  kind: Kind,
  { db, clock, checkResponses, draw }: RecordingParts,
): Route[] {
  const endpoints = activityEndpoints[kind] as unknown as Record<
    'list' | 'one' | 'create' | 'correct' | 'withdraw' | 'history',
    Endpoint
  >;
  const bind = (endpoint: Endpoint, answer: (asked: Loose) => Promise<unknown>) =>
    route(endpoint, (asked) => answer(asked as Loose), { checkResponses });
  const answerOf = (activity: Activity<Kind>, facts: Parameters<typeof noticesOf>[0]) =>
    endpoints.one.response.parse({
      ...activity,
      notices: activity.withdrawn ? [] : noticesOf(facts),
    }) as ActivityAnswer<Kind>;
  const readAnswer = async (transaction: Transaction, id: number) => {
    const found = await readActivity(transaction, kind, id);
    if (!found) throw nothingThere(id);
    return answerOf(found.activity, found.facts);
  };

  return [
    bind(
      endpoints.list,
      versioned(db, clock, async ({ query, request }, transaction, dataVersion) => {
        const { commune, from, to, withdrawn, after, limit, ...filters } = query as Listing;
        refuseReversedPeriod(from, to);
        const page = await readPage(
          transaction,
          kind,
          { commune, from, to, withdrawn, after, limit },
          filters as Record<string, string | number | undefined>,
        );
        const { matched, simulated, items, last } = page;
        return { dataVersion, simulated, matched, items, next: last && nextPage(request, last) };
      }),
    ),
    bind(endpoints.one, ({ params, request, response }) =>
      db.read(async (transaction) => {
        const answer = await readAnswer(transaction, params.id);
        return answeredNotModified(request, response, tagOf(answer)) ? undefined : answer;
      }),
    ),
    bind(endpoints.create, async ({ body, request, response }) => {
      const sent = await recordSent(kind, body as ActivityBody<Kind>);
      const key = idempotencyKey(request);
      const actor = actorOf(request);
      const answer = await db.write(async (transaction) => {
        await actAs(transaction, actor);
        if (key !== null) {
          const asked = { actor, key, request: `POST ${endpoints.create.path}`, record: sent };
          const state = await takeKey(transaction, asked);
          if (state === 'used-for-another') throw keyUsed();
          if (state !== 'taken') {
            response.set('Idempotency-Replayed', 'true');
            return endpoints.create.response.parse(state.answer) as ActivityAnswer<Kind>;
          }
        }
        const known = await held(transaction, kind, sent, clock);
        const id = await insertNumbered(transaction, kind, sent, known, draw);
        const made = await readAnswer(transaction, id);
        if (key !== null) await keepAnswer(transaction, { actor, key }, id, made);
        return made;
      });
      tell(response, answer).location(`${endpoints.create.path}/${answer.id}`);
      return answer;
    }),
    bind(endpoints.correct, async ({ params: { id }, body, request, response }) => {
      const versions = requiredVersions(request);
      const sent = await recordSent(kind, body as ActivityBody<Kind>);
      const answer = await db
        .write(async (transaction) => {
          await actAs(transaction, actorOf(request));
          const current = await lockActivity(transaction, kind, id);
          if (!current) throw nothingThere(id);
          if (current.withdrawnAt) throw alreadyWithdrawn(current.withdrawnAt, current.version);
          const before = await readAnswer(transaction, id);
          const record = withReference(before.record, sent);
          if (!versions.has(current.version)) {
            // Sent again because its answer was lost (RFC 9110, 13.1.1): it is as it was asked to be.
            if (isDeepStrictEqual(before.record, record)) return before;
            throw changedMeanwhile(current.version);
          }
          const known = await held(transaction, kind, record, clock);
          await updateActivity(
            transaction,
            kind,
            id,
            record,
            known,
            await isSimulated(transaction, record, known, kind),
          );
          return readAnswer(transaction, id);
        })
        .catch(async (error: unknown) => {
          if ((error as { code?: string }).code === '23505')
            throw await db.read((transaction) => taken(transaction, kind, sent as ActivityRecord<Kind>));
          throw error;
        });
      tell(response, answer);
      return answer;
    }),
    bind(endpoints.withdraw, async ({ params: { id }, body, request, response }) => {
      const versions = requiredVersions(request);
      const answer = await db.write(async (transaction) => {
        await actAs(transaction, actorOf(request));
        const current = await lockActivity(transaction, kind, id);
        if (!current) throw nothingThere(id);
        if (current.withdrawnAt) throw alreadyWithdrawn(current.withdrawnAt, current.version);
        if (!versions.has(current.version)) throw changedMeanwhile(current.version);
        await withdrawActivity(transaction, kind, id, (body as { reason: string }).reason);
        return readAnswer(transaction, id);
      });
      tell(response, answer);
      return answer;
    }),
    bind(endpoints.history, ({ params: { id } }) =>
      db.read(async (transaction) => {
        const versions = await readVersions(transaction, kind, id);
        if (!versions.length) throw nothingThere(id);
        return { versions };
      }),
    ),
    {
      method: 'DELETE',
      path: endpoints.one.path,
      handler: (_request, response) => {
        response.set('Allow', 'GET, HEAD, PUT');
        throw new ProblemError(405, 'Nothing that was recorded is deleted', {
          remedy: `Withdraw it: POST ${endpoints.withdraw.path} with a reason.`,
        });
      },
    },
  ];
}

/** A record as it will be kept: a report's position has become its cell, and nothing knows it any more. */
async function recordSent<Kind extends ActivityKind>(
  kind: Kind,
  body: ActivityBody<Kind>,
): Promise<Unnumbered<Kind>> {
  if (kind === 'reports') {
    const { position, h3Cell, ...rest } = body as ActivityBody<'reports'>;
    return { ...rest, h3Cell: h3Cell ?? (await cellAround(position!)) } as unknown as Unnumbered<Kind>;
  }
  if (kind === 'commune-plans') {
    const { integratedWith, ...rest } = body as ActivityBody<'commune-plans'>;
    return { ...rest, integratedWith: [...new Set(integratedWith)].sort() } as unknown as Unnumbered<Kind>;
  }
  if (kind === 'training') {
    const training = body as ActivityBody<'training'>;
    return { ...training, unit: storedName(training.unit) } as unknown as Unnumbered<Kind>;
  }
  return body as unknown as Unnumbered<Kind>;
}

/** A record that may have no reference yet. */
type Unnumbered<Kind extends ActivityKind> = Omit<ActivityRecord<Kind>, 'reference'> & {
  reference?: string;
};

function withReference<Kind extends ActivityKind>(
  before: ActivityRecord<Kind>,
  sent: Unnumbered<Kind>,
): ActivityRecord<Kind> {
  if (!('reference' in before)) return sent as ActivityRecord<Kind>;
  if (sent.reference !== undefined && sent.reference !== before.reference)
    throw refused([
      {
        field: 'reference',
        rule: 'reference-is-lasting',
        message: {
          vi: `giữ nguyên số ${before.reference}; nếu số sai, rút bản ghi này và ghi lại`,
          en: `${before.reference}, as before; where the reference is wrong, withdraw this record and record it anew`,
        },
      },
    ]);
  return { ...sent, reference: before.reference } as ActivityRecord<Kind>;
}

/** What is known of all that the record names, once it was found to break no rule. */
async function held<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  sent: Unnumbered<Kind> | ActivityRecord<Kind>,
  clock: () => Date,
): Promise<Surroundings> {
  const record = { ...(kind === 'commune-plans' ? {} : { reference: '-' }), ...sent } as ActivityRecord<Kind>;
  const known = await readSurroundings(transaction, namedBy(kind, [record]), dayInVietnam(clock()));
  const breaches = breachesOf(kind, record, known);
  if (breaches.length) throw refused(breaches.map(({ field, rule, message }) => ({ field, rule, message })));
  return known;
}

/** What is recorded in a simulated commune or for a simulated place is simulated too, and goes when the demo does. */
async function isSimulated<Kind extends ActivityKind>(
  transaction: Transaction,
  record: Unnumbered<Kind> | ActivityRecord<Kind>,
  known: Surroundings,
  kind: Kind,
): Promise<boolean> {
  const named = namedBy(kind, [record as ActivityRecord<Kind>]);
  if (!named.communes.length && !named.places.length) return readAllSimulated(transaction);
  return (
    named.communes.some((code) => known.commune(code)?.simulated) ||
    named.places.some((place) => known.place(place)?.simulated)
  );
}

async function insertNumbered<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  sent: Unnumbered<Kind>,
  known: Surroundings,
  draw: RecordingParts['draw'],
): Promise<number> {
  const simulated = await isSimulated(transaction, sent, known, kind);
  const insert = (record: Unnumbered<Kind>) =>
    insertActivity(transaction, kind, record as ActivityRecord<Kind>, known, simulated);
  if (kind === 'commune-plans' || sent.reference !== undefined) {
    const id = await insert(sent);
    if (id === null) throw await taken(transaction, kind, sent as ActivityRecord<Kind>);
    return id;
  }
  const day = (sent as Readonly<Record<string, unknown>>)[activityDayFields[kind]] as string;
  for (let tries = 0; tries < 20; tries += 1) {
    const id = await insert({ ...sent, reference: makeReference(kind, day, draw) });
    if (id !== null) return id;
  }
  throw new Error(`no free reference of ${kind} on ${day} in twenty draws`);
}

/** The tag of an answer: its version, and after the dash what else it shows, such as the place's name. */
function tagOf(answer: { version: number }): string {
  const digest = createHash('sha256').update(JSON.stringify(answer)).digest('base64url');
  return `"${answer.version}-${digest.slice(0, 16)}"`;
}

const tell = (response: Response, answer: { version: number }): Response =>
  response.set('ETag', tagOf(answer)).set('Cache-Control', 'no-store');

function nextPage(request: Request, after: string): { after: string; href: string } {
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('after', after);
  return { after, href: `${request.path}?${query}` };
}

/** One that a header can hold, in quotes or without (draft-ietf-httpapi-idempotency-key-header). */
function idempotencyKey(request: Request): string | null {
  const header = request.get('idempotency-key');
  if (header === undefined) return null;
  const key = /^"([^"\\]*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (!/^[\x21-\x7e]{8,200}$/.test(key))
    throw new ProblemError(400, 'A value of the request is wrong', {
      where: 'header Idempotency-Key',
      detail: 'it must be 8 to 200 visible ASCII characters',
      remedy: 'Make one at random for each thing that is recorded, and send it again with every repetition.',
    });
  return key;
}

function refuseReversedPeriod(from: string | undefined, to: string | undefined): void {
  if (from !== undefined && to !== undefined && from > to)
    throw new ProblemError(400, 'A value of the request is wrong', {
      where: 'query to',
      detail: `to: a day on or after ${from}, which from names`,
      remedy: 'Correct the value and ask again.',
    });
}

function refused(faults: NonNullable<ProblemError['problem']['faults']>): ProblemError {
  const first = faults[0]!;
  return new ProblemError(422, 'The record breaks a rule', {
    where: `body ${first.field}`,
    detail: faults.map(({ field, message }) => `${field}: expected ${message.en}`).join('; '),
    remedy: 'Correct what is named and send it again. Nothing was recorded.',
    faults,
  });
}

const nothingThere = (id: number) =>
  new ProblemError(404, 'There is no such record', {
    where: 'path id',
    detail: `no record has the id ${id}`,
    remedy: 'Look for it in the list of its kind.',
  });

const changedMeanwhile = (version: number) =>
  new ProblemError(412, 'Someone else has changed the record', {
    where: 'header If-Match',
    detail: `it is at version ${version}`,
    remedy: 'Read it again, see what changed, and make your change upon that.',
    version,
  });

const alreadyWithdrawn = (at: Date, version: number) =>
  new ProblemError(409, 'The record was withdrawn', {
    where: 'path id',
    detail: `it was withdrawn on ${dayInVietnam(at)}`,
    remedy: 'A withdrawn record stays as it is. Record the activity anew if it stands after all.',
    version,
  });

const keyUsed = () =>
  new ProblemError(422, 'The key was used for another request', {
    where: 'header Idempotency-Key',
    detail: `within ${idempotencyDays} days the same key came with another body or for another kind`,
    remedy: 'Use a new key for what is new; send what is repeated exactly as before.',
  });

async function taken<Kind extends ActivityKind>(
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
    remedy: found?.withdrawn
      ? 'A reference stays with what was recorded under it. Give another, or none.'
      : 'Correct the one that is there instead, or withdraw it first.',
    ...(found ? { version: found.version } : {}),
  });
}
