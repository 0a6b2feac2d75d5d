import fc from 'fast-check';
import { cellToBoundary, getResolution } from 'h3-js';
import { describe, expect, it } from 'vitest';
import {
  communePlanRecord,
  inspectionRecord,
  outreachRecord,
  pressItemRecord,
  reportRecord,
  trainingRecord,
} from '../../contract/activities.ts';
import {
  communeRecord,
  dormitoryRecord,
  establishmentRecord,
  industrialParkRecord,
  schoolRecord,
} from '../../contract/places.ts';
import { createRandom } from '../hotspots/random.ts';
import { dayNumber, dayOf, demoPeriod, isSunday, lastDayOf, monthsOfPeriod } from './days.ts';
import { demoCommunes } from './demo-communes.ts';
import { readCommuneFacts, readOutlines, readParkFacts } from './demo-files.ts';
import { apportion } from './draws.ts';
import { demoCounts, demoSeed, generateDemo } from './generate.ts';
import { makeIndustrialParks } from './industrial-parks.ts';
import { quarterOf } from './outreach.ts';
import { distance, type PlanePoint, ringContains, toPlane } from './plane.ts';

const facts = readCommuneFacts();
const outlines = readOutlines('communes');
const demo = generateDemo(facts, readParkFacts(), outlines);
const rings = new Map(
  outlines.features.map(({ properties, geometry }) => [
    properties.code,
    geometry.coordinates[0]!.map(toPlane),
  ]),
);

const pointsOf = (geometry: { type: string; coordinates: unknown }): PlanePoint[] =>
  geometry.type === 'Point'
    ? [toPlane(geometry.coordinates as number[])]
    : (geometry.coordinates as number[][][])[0]!.map(toPlane);
const communesHolding = (geometry: { type: string; coordinates: unknown }): string[] =>
  [...rings]
    .filter(([, ring]) => pointsOf(geometry).every((point) => ringContains(ring, point)))
    .map(([code]) => code);

describe('the generated demo', () => {
  it('is the same for the same seed, and another for another', () => {
    const again = JSON.stringify(generateDemo(facts, readParkFacts(), outlines, demoSeed));
    expect(again === JSON.stringify(demo)).toBe(true);
    expect(again === JSON.stringify(generateDemo(facts, readParkFacts(), outlines, demoSeed + 1))).toBe(
      false,
    );
  });

  it('has the counts that were asked for, and fits the contract', () => {
    for (const [kind, count] of Object.entries(demoCounts)) {
      expect(demo[kind as keyof typeof demoCounts], kind).toHaveLength(count);
    }
    expect(demo.communes).toHaveLength(129);
    for (const { record } of demo.communes) communeRecord.parse(record);
    for (const { record } of demo['industrial-parks']) industrialParkRecord.parse(record);
    for (const { record } of demo.dormitories) dormitoryRecord.parse(record);
    for (const { record } of demo.schools) schoolRecord.parse(record);
    for (const { record } of demo.establishments) establishmentRecord.parse(record);
    for (const record of demo.outreach) outreachRecord.parse(record);
    for (const record of demo.inspections) inspectionRecord.parse(record);
    for (const record of demo.reports) reportRecord.parse(record);
    for (const record of demo['commune-plans']) communePlanRecord.parse(record);
    for (const record of demo.training) trainingRecord.parse(record);
    for (const record of demo['press-items']) pressItemRecord.parse(record);
  });

  it('gives each record a key of its own', () => {
    const keys: string[][] = [
      demo['industrial-parks'].map(({ record }) => record.reference),
      demo.dormitories.map(({ record }) => record.reference),
      demo.schools.map(({ record }) => record.reference),
      demo.establishments.map(({ record }) => record.licenseNumber),
      demo.outreach.map(({ reference }) => reference),
      demo.inspections.map(({ reference }) => reference),
      demo.reports.map(({ reference }) => reference),
      demo.training.map(({ reference }) => reference),
      demo['press-items'].map(({ reference }) => reference),
      demo['commune-plans'].map(({ communeCode, year }) => `${communeCode} ${year}`),
    ];
    for (const kind of keys) {
      expect(new Set(kind).size).toBe(kind.length);
      for (const key of kind) expect(key).toMatch(/^MP-|^\d{5} 202[56]$/);
    }
  });

  it('says in every name that it is simulated, and has no field about a person', () => {
    for (const kind of ['industrial-parks', 'dormitories', 'schools'] as const) {
      for (const { record } of demo[kind]) expect(record.name).toMatch(/\(mô phỏng\)$/);
    }
    const fields = new Set<string>();
    const collect = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) collect(item);
      else if (value && typeof value === 'object') {
        for (const [field, inner] of Object.entries(value)) {
          fields.add(field);
          if (field !== 'coordinates') collect(inner);
        }
      }
    };
    collect(demo);
    for (const field of fields) {
      expect(field).not.toMatch(
        /phone|birth|owner|person|mail|address|identity|cccd|photo|full_?name|note|comment/i,
      );
    }
  });

  it('puts every place wholly in one commune, the establishment in the one of its licence number', () => {
    for (const { record, geometry } of demo.establishments) {
      expect(communesHolding(geometry)).toEqual([record.licenseNumber.slice(3, 8)]);
    }
    for (const kind of ['industrial-parks', 'dormitories', 'schools'] as const) {
      for (const { record, geometry } of demo[kind])
        expect(communesHolding(geometry), record.reference).toHaveLength(1);
    }
  });

  it('keeps industrial parks apart from each other', () => {
    const parks = makeIndustrialParks(
      createRandom(demoSeed, 1),
      demoCommunes(facts, outlines),
      readParkFacts(),
      60,
    );
    parks.forEach((park, k) => {
      for (const other of parks.slice(k + 1)) {
        expect(distance(park.middle, other.middle)).toBeGreaterThan(park.radiusMeters + other.radiusMeters);
      }
    });
  });

  it('crowds: half of all establishments stand in a sixth of the land', () => {
    const perSquareKm = facts.map(({ code, areaSquareKm }) => ({
      areaSquareKm,
      count: demo.establishments.filter(({ record }) => record.licenseNumber.slice(3, 8) === code).length,
    }));
    const town = demo.establishments.filter(({ record, geometry }) => {
      const fact = facts.find(({ code }) => code === record.licenseNumber.slice(3, 8))!;
      const radius = 1000 * Math.sqrt(fact.areaSquareKm / Math.PI);
      return distance(toPlane(geometry.coordinates), toPlane([fact.lon, fact.lat])) < 0.41 * radius;
    });
    expect(town.length).toBeGreaterThan(0.5 * demo.establishments.length);
    const densities = perSquareKm
      .map(({ count, areaSquareKm }) => count / areaSquareKm)
      .sort((a, b) => a - b);
    expect(densities.at(-10)! / densities[10]!).toBeGreaterThan(3);
  });
});

describe('the activities of the demo', () => {
  const establishments = new Map(demo.establishments.map(({ record }) => [record.licenseNumber, record]));

  it('lie within the year and a half', () => {
    const days = [
      ...demo.inspections.map(({ inspectedOn }) => inspectedOn),
      ...demo.outreach.map(({ heldOn }) => heldOn),
      ...demo.reports.map(({ receivedOn }) => receivedOn),
      ...demo.training.map(({ heldOn }) => heldOn),
      ...demo['press-items'].map(({ publishedOn }) => publishedOn),
    ];
    for (const day of days) expect(day >= demoPeriod.from && day <= demoPeriod.to, day).toBe(true);
  });

  it('inspect establishments while they are open, and plan one inspection a year at most', () => {
    const planned = new Set<string>();
    for (const { licenseNumber, inspectedOn, ground } of demo.inspections) {
      const { activeFrom, activeTo } = establishments.get(licenseNumber)!;
      expect(inspectedOn >= activeFrom && (activeTo === null || inspectedOn <= activeTo)).toBe(true);
      if (ground !== 'planned') continue;
      const key = `${licenseNumber} ${inspectedOn.slice(0, 4)}`;
      expect(planned.has(key), key).toBe(false);
      planned.add(key);
    }
    expect(planned.size).toBeGreaterThan(demo.inspections.length / 2);
  });

  it('cover a little under 20 % of active establishments in 2026, unevenly', () => {
    const inspected = new Set(
      demo.inspections
        .filter(({ inspectedOn }) => inspectedOn >= '2026')
        .map(({ licenseNumber }) => licenseNumber),
    );
    const active = [...establishments.values()].filter(({ activeTo }) => activeTo === null);
    const share = (among: typeof active): number =>
      among.filter(({ licenseNumber }) => inspected.has(licenseNumber)).length / among.length;
    expect(share(active)).toBeGreaterThan(0.17);
    expect(share(active)).toBeLessThan(0.21);
    const byCommune = facts.map(({ code }) =>
      share(active.filter(({ licenseNumber }) => licenseNumber.slice(3, 8) === code)),
    );
    expect(byCommune.filter((value) => value === 0).length).toBeGreaterThanOrEqual(10);
    expect(byCommune.filter((value) => value >= 0.45).length).toBeGreaterThanOrEqual(8);
  });

  it('hold outreach in every elapsed quarter of 2026 in a little under or about 70 % of the communes', () => {
    const held = new Map<string, Set<string>>();
    for (const { communeCode, heldOn } of demo.outreach) {
      held.set(communeCode, (held.get(communeCode) ?? new Set()).add(quarterOf(heldOn.slice(0, 7))));
    }
    const keptUp = facts.filter(({ code }) =>
      ['2026-1', '2026-2', '2026-3'].every((q) => held.get(code)?.has(q)),
    );
    expect(keptUp.length / facts.length).toBeGreaterThan(0.62);
    expect(keptUp.length / facts.length).toBeLessThan(0.75);
  });

  it('hold sessions at places of their commune that exist', () => {
    const placesOf = {
      'industrial-parks': new Map(demo['industrial-parks'].map((p) => [p.record.reference, p.geometry])),
      dormitories: new Map(demo.dormitories.map((p) => [p.record.reference, p.geometry])),
      schools: new Map(demo.schools.map((p) => [p.record.reference, p.geometry])),
      establishments: new Map(demo.establishments.map((p) => [p.record.licenseNumber, p.geometry])),
    };
    const sample = demo.outreach.filter(({ place }) => place !== null).slice(0, 1_500);
    expect(sample).toHaveLength(1_500);
    for (const { place, communeCode } of sample) {
      const geometry = placesOf[place!.collection].get(place!.reference);
      expect(communesHolding(geometry!)).toEqual([communeCode]);
    }
  });

  it('make reports due in 15 to 30 days, most resolved, a few late, the last ones under way', () => {
    let late = 0;
    let resolved = 0;
    for (const { receivedOn, dueOn, status, resolvedOn, h3Cell, communeCode } of demo.reports) {
      const allowed = dayNumber(dueOn) - dayNumber(receivedOn);
      expect(allowed >= 15 && allowed <= 30).toBe(true);
      expect(status === 'resolved').toBe(resolvedOn !== null);
      if (resolvedOn !== null) {
        expect(resolvedOn >= receivedOn && resolvedOn <= demoPeriod.to).toBe(true);
        resolved += 1;
        if (resolvedOn > dueOn) late += 1;
      }
      expect(getResolution(h3Cell)).toBe(7);
      expect(rings.has(communeCode)).toBe(true);
    }
    expect(resolved / demo.reports.length).toBeGreaterThan(0.9);
    expect(resolved).toBeLessThan(demo.reports.length);
    expect(late / demo.reports.length).toBeGreaterThan(0.02);
    expect(late / demo.reports.length).toBeLessThan(0.06);
    // A cell lies where its commune is.
    for (const { h3Cell, communeCode } of demo.reports.slice(0, 300)) {
      const corners = cellToBoundary(h3Cell, true).map(toPlane);
      const ring = rings.get(communeCode)!;
      expect(ring.some((vertex) => corners.some((corner) => distance(vertex, corner) < 8_000))).toBe(true);
    }
  });
});

describe('the small parts', () => {
  it('apportion to whole numbers that add up, each within one of its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }),
        fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (total, weights) => {
          const parts = apportion(total, weights);
          const sum = weights.reduce((all, weight) => all + weight, 0);
          expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
          parts.forEach((part, k) => {
            expect(Math.abs(part - (total * weights[k]!) / sum)).toBeLessThan(1 + 1e-9);
          });
        },
      ),
      { seed: 7 },
    );
    expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3]);
  });

  it('know the calendar', () => {
    expect(dayOf(dayNumber('2026-02-28') + 1)).toBe('2026-03-01');
    expect(isSunday(dayNumber('2026-10-25'))).toBe(true);
    expect(isSunday(dayNumber('2026-10-24'))).toBe(false);
    expect(monthsOfPeriod[0]).toBe('2025-05');
    expect(monthsOfPeriod.at(-1)).toBe('2026-10');
    expect(dayOf(lastDayOf('2026-02'))).toBe('2026-02-28');
    expect(quarterOf('2026-03')).toBe('2026-1');
    expect(quarterOf('2026-04')).toBe('2026-2');
  });
});
