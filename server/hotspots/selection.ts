import { dayInVietnam } from '../../contract/calendar-day.ts';
import { readAsOfDay } from '../activities/queries.ts';
import type { Transaction } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import { type InspectionSelection, type MappedCommune, readCategories, readCommunes } from './queries.ts';

/** Visits that follow a complaint or a sign of violation are a stream of their own: they say little of the rate elsewhere. */
const groundsOf = {
  routine: ['planned', 'random'],
  random: ['random'],
  all: ['planned', 'random', 'sign-of-violation'],
} as const;
type Stream = keyof typeof groundsOf;

/** Violations are few: a cluster shows only once enough inspections have been made in it. */
const usualMonths = 18;

type Asked = { from?: string | undefined; to?: string | undefined; category?: string | undefined };

/**
 * The period and category that were asked for, with their defaults: the 18 months up to the day on record.
 * @throws ProblemError for a period that ends before it begins and a category that does not exist.
 */
export async function readSelection(
  transaction: Transaction,
  clock: () => Date,
  asked: Asked,
  stream: Stream,
): Promise<InspectionSelection & { stream: Stream }> {
  const to = asked.to ?? (await readAsOfDay(transaction, clock()));
  const from = asked.from ?? monthsBefore(to, usualMonths);
  if (from > to) {
    throw new ProblemError(400, 'A value of the request is wrong', {
      where: 'query from',
      detail: `the period begins on ${from}, after its end on ${to}`,
      remedy: 'Give a first day on or before the last.',
    });
  }
  const category = asked.category ?? null;
  if (category !== null) {
    const categories = (await readCategories(transaction)).map(({ code }) => code);
    if (!categories.includes(category)) {
      throw new ProblemError(400, 'A value of the request is wrong', {
        where: 'query category',
        detail: `there is no category "${category}"`,
        remedy: `Give one of ${categories.join(', ')}.`,
      });
    }
  }
  return { from, to, category, stream, grounds: groundsOf[stream] };
}

/** The mapped communes. @throws ProblemError 409 while there are none. */
export async function readMap(transaction: Transaction): Promise<MappedCommune[]> {
  const communes = await readCommunes(transaction);
  if (communes.length > 0) return communes;
  throw new ProblemError(409, 'There is no map yet', {
    remedy: 'Import the communes first: diaban import communes FILE.',
  });
}

/** The first day of the month that lies so many months before the month after the day: 18 before 2026-10-31 is 2025-05-01. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return dayInVietnam(new Date(Date.UTC(year, month - months, 1)));
}
