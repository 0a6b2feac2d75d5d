import type { Request } from 'express';
import { askerOf } from '../access/asker.ts';
import type { Database } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';

/** Refusals that tell of what is on record: another team's, taken already, another version, a licence that is not known. */
const telling: ReadonlySet<number> = new Set([403, 409, 412, 422]);

/**
 * Writes down a refusal that tells of a single establishment. The transaction that found it out has taken its own line back with
 * all else, and yet something is answered: whoever asks about one licence number after another reads premises too.
 */
export async function logRefusal(db: Pick<Database, 'as'>, request: Request, error: unknown): Promise<void> {
  const asker = askerOf(request);
  if (!asker.asked?.premises || !(error instanceof ProblemError) || !telling.has(error.problem.status))
    return;
  const rows = Number(namesEstablishment(asker.asked.endpoint, request.body));
  await db.as(asker).read(async (transaction) => transaction.premisesLeft(rows));
}

const namesEstablishment = (
  endpoint: string,
  body: { place?: { collection?: unknown } | null } | undefined,
) => endpoint.includes('/inspections') || body?.place?.collection === 'establishments';
