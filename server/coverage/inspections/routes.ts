import { dayInVietnam } from '../../../contract/calendar-day.ts';
import {
  type InspectionCoverageAnswer,
  type InspectionGrouping,
  inspectionAreas,
  type inspectionCoverageEndpoint,
  inspectionTarget,
  nearRadiiOfLeaders,
  type neverInspectedEndpoint,
} from '../../../contract/coverage-inspections.ts';
import type { EndpointQuery } from '../../../contract/endpoint.ts';
import { leadAgencies } from '../../../contract/places.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import { upperFirst } from '../../../contract/vietnamese-text.ts';
import { type Asker, askerOf } from '../../access/asker.ts';
import { communeAsked } from '../../access/commune-asked.ts';
import { readAsOfDay } from '../../activities/queries.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { ProblemError, wrongQuery } from '../../http/problem.ts';
import type { Answer } from '../../http/route.ts';
import { versioned } from '../../http/versioned.ts';
import { inspectionCoverage } from './answer.ts';
import { areaName } from './areas.ts';
import { dealSeed } from './deal-by-lot.ts';
import { type CoveragePeriod, coveragePeriod, wholeMonths } from './period.ts';
import {
  type EstablishmentSelection,
  type InspectedCommune,
  readCategoryNames,
  readCommunes,
  readCoverage,
  readFirstInspection,
  readLicences,
  readSinceInspection,
  type SinceKey,
} from './queries.ts';

// Some 100 KB each.
const keptAnswers = 64;

export const inspectionCoverageRoute = (
  db: Database,
  clock: () => Date,
): Answer<typeof inspectionCoverageEndpoint> =>
  versioned(
    db,
    clock,
    ({ query, request }, transaction, dataVersion) => {
      const asker = askerOf(request);
      refuseNarrowing(asker, query);
      if (asker.role === 'leader' && query.by === 'area' && !nearRadiiOfLeaders.includes(query.radius))
        throw new ProblemError(403, 'This is not for your role', {
          where: 'query radius',
          detail: 'any other radius could tell where a single establishment lies',
          remedy: `Ask for one of ${nearRadiiOfLeaders.join(', ')} m.`,
        });
      return coverageAnswer(
        transaction,
        { ...query, commune: communeAsked(asker, query.commune) },
        clock(),
        dataVersion,
      );
    },
    { kept: keptAnswers },
  );

/** Of a category in a commune there is often one establishment: figures of it would be its file. The database refuses it too. */
function refuseNarrowing(
  { role }: Asker,
  { by, commune, category, agency }: EndpointQuery<typeof inspectionCoverageEndpoint>,
): void {
  if (role !== 'leader') return;
  const where =
    category !== undefined
      ? 'category'
      : agency !== undefined
        ? 'agency'
        : commune !== undefined && by !== 'commune'
          ? 'commune'
          : null;
  if (where)
    throw new ProblemError(403, 'This is not for your role', {
      where: `query ${where}`,
      detail: 'figures as narrow as that could be those of a single establishment',
      remedy: 'Ask for all establishments by commune, or for the whole province by category, agency or area.',
    });
}

async function coverageAnswer(
  transaction: Transaction,
  query: EndpointQuery<typeof inspectionCoverageEndpoint>,
  now: Date,
  dataVersion: number,
): Promise<InspectionCoverageAnswer> {
  const { by, radius: radiusMeters } = query;
  const { selection, categories, communes } = await readSelection(transaction, query);
  const period = coveragePeriod(query, await readAsOfDay(transaction, now), dayInVietnam(now));
  if (query.asOf || query.year) await refuseWithoutLicences(transaction, period, query.asOf !== undefined);
  const read = await readCoverage(transaction, {
    from: period.from,
    asOf: period.asOf,
    by,
    selection,
    radiusMeters,
  });
  const { replications, ...computed } = inspectionCoverage({
    addedUp: read.addedUp,
    communes,
    groups: groupsOf(by, { selection, categories, communes, radiusMeters }),
    byArea: by === 'area',
    period,
    target: inspectionTarget,
  });
  return {
    dataVersion,
    simulated: read.simulated || communes.some(({ simulated }) => simulated),
    year: period.year,
    asOf: period.asOf,
    by,
    selection,
    radiusMeters: by === 'area' ? radiusMeters : null,
    target: inspectionTarget,
    ...computed,
    historyFrom: await readFirstInspection(transaction),
    method: {
      daysOfYear: period.daysOfYear,
      elapsedDays: period.elapsedDays,
      seed: dealSeed,
      replications,
    },
  };
}

/**
 * Establishments by how long they have not been inspected. It names premises one by one: for inspectors and planners, and for
 * a commune its own; each reading of it is on the audit log.
 */
export const neverInspectedRoute = (db: Database, clock: () => Date): Answer<typeof neverInspectedEndpoint> =>
  versioned(db, clock, async ({ query, request }, transaction, dataVersion) => {
    const now = clock();
    const commune = communeAsked(askerOf(request), query.commune);
    const { selection } = await readSelection(transaction, { ...query, commune });
    const { asOf } = coveragePeriod(
      { asOf: query.asOf },
      await readAsOfDay(transaction, now),
      dayInVietnam(now),
    );
    const { limit } = query;
    const { page, matched, never, simulated } = await readSinceInspection(transaction, {
      asOf,
      selection,
      overMonths: query.overMonths ?? null,
      after: query.after === undefined ? null : readAfter(query.after),
      limit,
    });
    const last = page.length > limit ? page[limit - 1]! : null;
    return {
      dataVersion,
      simulated,
      asOf,
      historyFrom: await readFirstInspection(transaction),
      matched,
      never,
      establishments: page.slice(0, limit).map((row) => ({
        licenseNumber: row.license_number,
        category: row.category,
        communeCode: row.commune_code,
        communeName: row.commune_name,
        activeFrom: row.active_from,
        lastInspectedOn: row.last_on,
        months: row.last_on === null ? null : wholeMonths(row.last_on, asOf),
      })),
      next: last && `${last.last_on ?? 'never'}.${last.active_from}.${last.id}`,
    };
  });

function readAfter(after: string): SinceKey {
  const [, lastOn, activeFrom, id] =
    /^(never|\d{4}-\d{2}-\d{2})\.(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/.exec(after) ?? [];
  if (!lastOn || !activeFrom || [lastOn, activeFrom].some((day) => day !== 'never' && !dayExists(day))) {
    throw wrongQuery('after', 'not the next of a page', 'Give what a page before gave as "next".');
  }
  return { lastOn: lastOn === 'never' ? null : lastOn, activeFrom, id: Number(id) };
}

const dayExists = (day: string) =>
  new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day && day >= '0001-01-01';

type Selected = {
  selection: EstablishmentSelection & { agency: (typeof leadAgencies)[number] | null };
  categories: { code: string; name_vi: string; name_en: string }[];
  communes: InspectedCommune[];
};

/** What the asker narrowed the question to, with what is on record of it; refuses what is not on record by name. */
async function readSelection(
  transaction: Transaction,
  asked: { category?: string | undefined; agency?: string | undefined; commune?: string | undefined },
): Promise<Selected> {
  const agency = leadAgencies.find((one) => one === asked.agency) ?? null;
  if (asked.agency !== undefined && agency === null) {
    throw wrongQuery(
      'agency',
      `there is no agency ${asked.agency}`,
      `Give one of ${leadAgencies.join(', ')}.`,
    );
  }
  const categories = await readCategoryNames(transaction);
  const category = asked.category ?? null;
  if (category !== null && !categories.some(({ code }) => code === category)) {
    const known = categories.map(({ code }) => code).join(', ');
    throw wrongQuery('category', `there is no category ${category}`, `Give one of ${known}.`);
  }
  const commune = asked.commune ?? null;
  const communes = await readCommunes(transaction, commune);
  if (commune !== null && communes.length === 0) {
    throw wrongQuery(
      'commune',
      `there is no commune ${commune} on record`,
      'Give the code of one of /ogc/collections/communes/items.',
    );
  }
  return { selection: { category, agency, commune }, categories, communes };
}

async function refuseWithoutLicences(
  transaction: Transaction,
  { year, from, asOf }: CoveragePeriod,
  byDay: boolean,
): Promise<void> {
  const { first, in_force } = await readLicences(transaction, from, asOf);
  if (in_force) return;
  throw wrongQuery(
    byDay ? 'asOf' : 'year',
    `no establishment on record had a licence in force from ${from} to ${asOf}, so that there are no data for ${year}`,
    first === null
      ? 'Import establishments first.'
      : `Ask for a day from ${first} on, when the first licence on record begins.`,
  );
}

const agencyNames: Record<(typeof leadAgencies)[number], Sentence> = {
  'cong-an': { vi: 'Công an', en: 'Public security (Công an)' },
  'so-y-te': { vi: 'Sở Y tế', en: 'Department of Health' },
  'so-van-hoa-the-thao': { vi: 'Sở Văn hóa và Thể thao', en: 'Department of Culture and Sports' },
  'so-du-lich': { vi: 'Sở Du lịch', en: 'Department of Tourism' },
};

function groupsOf(
  by: InspectionGrouping,
  { selection, categories, communes, radiusMeters }: Selected & { radiusMeters: number },
): { key: string; name: Sentence }[] {
  const { category, agency } = selection;
  switch (by) {
    case 'commune':
      return communes.map(({ code, name, type }) => {
        const full = name.toLowerCase().startsWith(`${type} `) ? name : `${upperFirst(type)} ${name}`;
        return { key: code, name: { vi: full, en: full } };
      });
    case 'category':
      return categories
        .filter(({ code }) => category === null || code === category)
        .map(({ code, name_vi: vi, name_en: en }) => ({ key: code, name: { vi, en } }));
    case 'lead-agency':
      return leadAgencies
        .filter((one) => agency === null || one === agency)
        .map((one) => ({ key: one, name: agencyNames[one] }));
    case 'area':
      return inspectionAreas.map((area) => ({ key: area, name: areaName(area, radiusMeters) }));
  }
}
