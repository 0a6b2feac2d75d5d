import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Request, Response } from 'express';
import {
  type ActivityBody,
  type ActivityKind,
  type ActivityRecord,
  activityDayFields,
  activityKinds,
} from '../../contract/activities.ts';
import {
  type Activity,
  type ActivityAnswer,
  activityEndpoints,
  activityPlacesEndpoint,
} from '../../contract/activity-endpoints.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { askerOf } from '../access/asker.ts';
import { communeAsked } from '../access/commune-asked.ts';
import { premisesIn } from '../audit/premises-rows.ts';
import { logRefusal } from '../audit/refused-reading.ts';
import type { Database, Transaction } from '../db/database.ts';
import { requiredVersions } from '../http/if-match.ts';
import { ProblemError } from '../http/problem.ts';
import { type Asked, type Route, route } from '../http/route.ts';
import { heldAlready, sendNotModified, versioned } from '../http/versioned.ts';
import { actorOf } from './actor.ts';
import { keepAnswer, takeKey } from './idempotency-queries.ts';
import { makeReference } from './make-reference.ts';
import { noticesOf } from './notices.ts';
import { searchPlaces } from './place-search.ts';
import { type Listing, readActivity, readActivityPlaces, readPage, readVersions } from './reading-queries.ts';
import {
  actAs,
  insertActivity,
  lockActivity,
  readAllSimulated,
  updateActivity,
  withdrawActivity,
} from './record-queries.ts';
import {
  alreadyWithdrawn,
  changedMeanwhile,
  keyUsed,
  nothingThere,
  notYours,
  refused,
  refuseWhatIsNotOwn,
  taken,
} from './refusals.ts';
import { breachesOf, type Surroundings } from './rules.ts';
import { recordSent, type Unnumbered, withReference } from './sent-record.ts';
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
      versioned(db, clock, async ({ query, request }, transaction) => {
        communeAsked(askerOf(request), query.commune);
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
  /** A transaction of who asks, and what it is about to answer told to the audit log. */
  const recordAs = (
    request: Request,
    work: (transaction: Transaction) => Promise<ActivityAnswer<Kind>>,
  ): Promise<ActivityAnswer<Kind>> =>
    db
      .as(askerOf(request))
      .write(async (transaction) => {
        await actAs(transaction, actorOf(request));
        const answer = await work(transaction);
        transaction.premisesLeft(premisesIn(request, answer));
        return answer;
      })
      .catch(async (error: unknown) => {
        await logRefusal(db, request, error);
        // What was not refused above a policy of the database refuses; a right that is missing is a fault of ours.
        const { code, message = '' } = error as { code?: string; message?: string };
        if (code === '42501' && !message.startsWith('permission denied'))
          throw notYours('body', 'the record is not of what the role may record');
        throw error;
      });
  /** What is there to be changed; one that may be seen and not changed is refused, one that may not be seen is not there. */
  const lock = async (transaction: Transaction, id: number) => {
    const current = await lockActivity(transaction, kind, id);
    if (current) return current;
    if (await readActivity(transaction, kind, id))
      throw notYours('path id', `the record ${id} is of another team or office`);
    throw nothingThere(id);
  };

  return [
    bind(
      endpoints.list,
      versioned(db, clock, async ({ query, request }, transaction, dataVersion) => {
        const { commune: asked, from, to, withdrawn, after, limit, ...filters } = query as Listing;
        refuseReversedPeriod(from, to);
        const commune = communeAsked(askerOf(request), asked);
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
    bind(endpoints.one, async ({ params, request, response }) => {
      const answer = await db.as(askerOf(request)).read(async (transaction) => {
        const found = await readAnswer(transaction, params.id);
        const held = heldAlready(request, response, tagOf(found));
        transaction.premisesLeft(held ? 'not-modified' : premisesIn(request, found));
        return held ? null : found;
      });
      if (answer) return answer;
      sendNotModified(response);
      return undefined;
    }),
    bind(endpoints.create, async ({ body, request, response }) => {
      const sent = await recordSent(kind, body as ActivityBody<Kind>);
      refuseWhatIsNotOwn(askerOf(request), kind, sent);
      const key = idempotencyKey(request);
      const actor = actorOf(request);
      const answer = await recordAs(request, async (transaction) => {
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
      refuseWhatIsNotOwn(askerOf(request), kind, sent);
      const answer = await recordAs(request, async (transaction) => {
        const current = await lock(transaction, id);
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
      }).catch(async (error: unknown) => {
        if ((error as { code?: string }).code === '23505')
          throw await db.as(askerOf(request)).read((transaction) => {
            // the refusal names what the asker sent
            transaction.premisesLeft(0);
            return taken(transaction, kind, sent as ActivityRecord<Kind>);
          });
        throw error;
      });
      tell(response, answer);
      return answer;
    }),
    bind(endpoints.withdraw, async ({ params: { id }, body, request, response }) => {
      const versions = requiredVersions(request);
      const answer = await recordAs(request, async (transaction) => {
        const current = await lock(transaction, id);
        if (current.withdrawnAt) throw alreadyWithdrawn(current.withdrawnAt, current.version);
        if (!versions.has(current.version)) throw changedMeanwhile(current.version);
        await withdrawActivity(transaction, kind, id, (body as { reason: string }).reason);
        return readAnswer(transaction, id);
      });
      tell(response, answer);
      return answer;
    }),
    bind(endpoints.history, ({ params: { id }, request }) =>
      db.as(askerOf(request)).read(async (transaction) => {
        const versions = await readVersions(transaction, kind, id);
        if (!versions.length) throw nothingThere(id);
        transaction.premisesLeft(premisesIn(request, { versions }));
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
