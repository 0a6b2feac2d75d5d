import type { z } from 'zod';
import type { indicatorRowsEndpoint } from '../../../contract/coverage-indicators.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import type { Transaction } from '../../db/database.ts';
import { wrongQuery } from '../../http/problem.ts';
import { readDataVersion } from '../../http/versioned.ts';
import { toldPeople } from '../small-numbers/told-counts.ts';
import { describe, indicatorPeriod } from './answer.ts';
import { readAsker, readSimulated, readTargets } from './queries.ts';
import { readDecidingSessions, readIndicatorRows, readRowTotals } from './row-queries.ts';

const rowNotes: Record<string, Sentence> = {
  'place-not-counted': {
    vi: 'Nơi này không hoạt động trong năm hoặc chưa có số người, nên không tính.',
    en: 'The place was not open in the year, or its number of people is not on record: not counted.',
  },
  elsewhere: {
    vi: 'Không gắn với một nơi: có thể trùng người, chỉ tính phần vượt quá các nơi.',
    en: 'Not held for one place: people may be the same, so only what exceeds the places counts.',
  },
  'smaller-than-before': {
    vi: 'Không đông hơn buổi trước tại nơi này: có thể là cùng những người đó.',
    en: 'No larger than an earlier one here: it may be the same people.',
  },
  part: {
    vi: 'Chỉ tính phần vượt buổi trước, không quá số người của nơi này.',
    en: 'Only what exceeds the earlier ones counts, at most the people of the place.',
  },
  'keeps-quarter': {
    vi: 'Buổi đầu tiên của xã, phường trong quý.',
    en: 'The commune’s first of the quarter.',
  },
  'quarter-kept-already': { vi: 'Quý này đã có buổi trước.', en: 'The quarter has an earlier one.' },
  central: { vi: 'Báo chí trung ương.', en: 'Central outlet.' },
  local: { vi: 'Báo chí địa phương.', en: 'Local outlet.' },
  'integrated-with-none': { vi: 'Chưa lồng ghép chương trình nào.', en: 'Integrated with no programme.' },
  'integrated-in-part': {
    vi: 'Chưa lồng ghép đủ bốn chương trình.',
    en: 'Not integrated with all four programmes.',
  },
  'not-resolved': { vi: 'Đã đến hạn, chưa xử lý xong.', en: 'Due, and not resolved.' },
  'resolved-late': { vi: 'Xử lý xong sau hạn.', en: 'Resolved after it was due.' },
  'inspected-before': {
    vi: 'Cơ sở này đã được kiểm tra trước đó trong năm.',
    en: 'Inspected before in the year.',
  },
};

type Asked = z.infer<typeof indicatorRowsEndpoint.query> & {
  indicator: z.infer<typeof indicatorRowsEndpoint.params>['indicator'];
};

/** The activities behind a figure, newest first; what they add makes the figure. */
export async function indicatorRowsAnswer(
  transaction: Transaction,
  asked: Asked,
  now: Date,
): Promise<z.infer<typeof indicatorRowsEndpoint.response>> {
  const { indicator, commune, limit } = asked;
  const { year, asOf } = await indicatorPeriod(transaction, { year: asked.year, asOf: asked.asOf, now });
  const which = { indicator, year, asOf, commune };
  const read = await readIndicatorRows(transaction, { ...which, limit, after: cursorOf(asked.after) });
  const totals = await readRowTotals(transaction, which);
  const target = (await readTargets(transaction, year)).find((found) => found.indicator === indicator);
  const deciding =
    indicator === 'communes-with-outreach'
      ? await readDecidingSessions(transaction, which)
      : new Set<number>();
  const page = read.slice(0, limit);
  const last = page.at(-1);
  const query = new URLSearchParams({
    year: String(year),
    asOf,
    ...(commune ? { commune } : {}),
    limit: String(limit),
  });
  return {
    dataVersion: await readDataVersion(transaction),
    simulated: await readSimulated(transaction),
    indicator: describe(indicator, target),
    year,
    asOf,
    matched: totals.matched,
    total: await totalOf(transaction, { ...totals, adds: totals.adds + deciding.size }),
    rows: page.map((found) => ({
      ...found,
      adds: deciding.has(found.id) ? 1 : found.adds,
      note: found.note === null ? null : rowNotes[found.note]!,
    })),
    next:
      read.length > limit && last
        ? `/api/coverage/indicators/${indicator}/rows?${query}&after=${last.day}.${last.id}`
        : null,
  };
}

/** As the figure tells it: of people in fives, and not at all where fewer than five. */
async function totalOf(
  transaction: Transaction,
  { adds, addsToUpper, isLarge }: { adds: number; addsToUpper: number | null; isLarge: boolean },
) {
  const { role } = await readAsker(transaction);
  if (role === null || addsToUpper === null) return { adds, addsToUpper, inFives: false };
  const told = toldPeople(adds, isLarge);
  return { adds: told, addsToUpper: told === null ? null : toldPeople(addsToUpper, isLarge), inFives: true };
}

function cursorOf(after: string | undefined): { day: string; id: number } | undefined {
  if (after === undefined) return undefined;
  const [, day, id] = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/.exec(after) ?? [];
  if (!day || !id || Number.isNaN(Date.parse(day)))
    throw wrongQuery(
      'after',
      'it is not the place of a row',
      'Follow the address in `next` of the page before.',
    );
  return { day, id: Number(id) };
}
