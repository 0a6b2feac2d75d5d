import { createRandom } from '../hotspots/random.ts';
import type { InputByKind } from '../imports/kinds.ts';
import { demoCommunes } from './demo-communes.ts';
import { makeEstablishments } from './establishments.ts';
import { type CommuneFact, communeRecordOf } from './facts.ts';
import { makeIndustrialParks, type ParkFact } from './industrial-parks.ts';
import { makeInspections } from './inspections.ts';
import type { Outlines } from './outlines.ts';
import { makeOutreach } from './outreach.ts';
import { makeCommunePlans, makePressItems, makeTrainings } from './programme.ts';
import { makeReports } from './reports.ts';
import { makeDormitories, makeSchools } from './schools-and-dormitories.ts';

/** Records of every kind but border areas, which are derived, ready to be written. */
export type DemoRecords = { [Kind in Exclude<keyof InputByKind, 'border-areas'>]: InputByKind[Kind][] };

export const demoSeed = 178;
export const demoCounts = {
  'industrial-parks': 60,
  dormitories: 600,
  schools: 250,
  establishments: 4_000,
  outreach: 9_000,
  inspections: 6_000,
  reports: 2_500,
  'press-items': 160,
} as const;

/**
 * The whole demo from facts, outlines and a seed. Each kind draws from a stream of its own, so that a change to one does
 * not stir the others more than it must. The same input gives the same records.
 */
export function generateDemo(
  facts: readonly CommuneFact[],
  parkFacts: readonly ParkFact[],
  outlines: Outlines,
  seed: number = demoSeed,
): DemoRecords {
  const communes = demoCommunes(facts, outlines);
  const stream = (number: number) => createRandom(seed, number);
  const parks = makeIndustrialParks(stream(1), communes, parkFacts, demoCounts['industrial-parks']);
  const schools = makeSchools(stream(2), communes, demoCounts.schools);
  const dormitories = makeDormitories(stream(3), communes, parks, schools, demoCounts.dormitories);
  const establishments = makeEstablishments(stream(4), communes, parks, demoCounts.establishments);
  const geometries = new Map(
    outlines.features.map(({ properties, geometry }) => [properties.code, geometry]),
  );
  return {
    communes: facts.map((fact) => ({ record: communeRecordOf(fact), geometry: geometries.get(fact.code)! })),
    'industrial-parks': parks.map(({ input }) => input),
    dormitories: dormitories.map(({ input }) => input),
    schools: schools.map(({ input }) => input),
    establishments: establishments.map(({ input }) => input),
    outreach: makeOutreach(
      stream(5),
      communes,
      { parks, schools, dormitories, establishments },
      demoCounts.outreach,
    ),
    inspections: makeInspections(stream(6), communes, establishments, demoCounts.inspections),
    reports: makeReports(stream(7), communes, demoCounts.reports),
    'commune-plans': makeCommunePlans(stream(8), communes),
    training: makeTrainings(stream(9), communes),
    'press-items': makePressItems(stream(10), demoCounts['press-items']),
  };
}
