import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommuneRecord, EstablishmentRecord } from '../../contract/places.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import type { PlaceInput } from './kinds.ts';
import { readDataVersion } from './lookup-queries.ts';
import { writeRecords } from './queries.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const square = (west: number, south: number, side = 0.1) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ],
  ],
});

function commune(
  code: string,
  name: string,
  west: number,
): PlaceInput<CommuneRecord, ReturnType<typeof square>> {
  return {
    record: {
      code,
      name,
      type: 'xã',
      provinceCode: '37',
      provinceName: 'Ninh Bình',
      terrain: null,
      population: null,
      areaSquareKm: null,
      formerProvince: null,
      formerUnits: null,
      adjoiningProvinces: [],
      coastal: false,
    },
    geometry: square(west, 20),
  };
}

const establishment = (licenseNumber: string, lon: number, lat: number, workers: number | null = 3) => ({
  record: {
    licenseNumber,
    category: 'karaoke',
    leadAgency: 'so-van-hoa-the-thao',
    workers,
    activeFrom: '2025-01-01',
    activeTo: null,
  } satisfies EstablishmentRecord,
  geometry: { type: 'Point' as const, coordinates: [lon, lat] },
});

const simulated = { simulated: true };
const real = { simulated: false };

describe('writing records', () => {
  it('writes communes once, measures their area on the ellipsoid, and finds nothing to do the second time', async () => {
    const communes = [commune('90001', 'Đông Hòa', 105), commune('90002', 'Tây Hòa', 105.1)];
    const first = await db.write((tx) => writeRecords(tx, 'communes', communes, simulated));
    expect(first).toEqual({ inserted: 2, updated: 0, unchanged: 0, issues: [], notes: [] });

    const version = await db.read(readDataVersion);
    const second = await db.write((tx) => writeRecords(tx, 'communes', communes, simulated));
    expect(second).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
    expect(await db.read(readDataVersion)).toBe(version);

    const row = await db.read((tx) =>
      tx.row(
        z.object({ area: z.number(), key: z.string() }),
        sql`select area_square_km as area, search_key as key from communes where code = '90001'`,
      ),
    );
    // 0.1° × 0.1° at 20°–20.1° N on WGS 84: 11.0704 km along the meridian × 10.4660 km along the middle parallel
    expect(row.area).toBeCloseTo(115.86, 1);
    expect(row.key).toBe('dong hoa');
  });

  it('gives places their commune by location, and the nearest within reach with a note', async () => {
    const result = await db.write((tx) =>
      writeRecords(
        tx,
        'establishments',
        [
          establishment('A-1', 105.05, 20.05),
          establishment('A-2', 105.15, 20.05),
          establishment('A-3', 105.201, 20.05),
        ],
        simulated,
      ),
    );
    expect(result).toMatchObject({ inserted: 3, issues: [] });
    expect(result.notes).toEqual([{ index: 2, note: expect.stringMatching(/90002, 10[0-9] m away/) }]);
    const rows = await db.read((tx) =>
      tx.rows(
        z.object({ license: z.string(), commune: z.string() }),
        sql`select license_number as license, commune_code as commune from establishments order by 1`,
      ),
    );
    expect(rows).toEqual([
      { license: 'A-1', commune: '90001' },
      { license: 'A-2', commune: '90002' },
      { license: 'A-3', commune: '90002' },
    ]);
  });

  it('throws and keeps nothing when a record cannot be written, unless issues are collected', async () => {
    const records = [establishment('B-1', 105.05, 20.05), establishment('B-2', 105.5, 20.05)];
    await expect(db.write((tx) => writeRecords(tx, 'establishments', records, simulated))).rejects.toThrow(
      /Record 1, geometry "105\.500000, 20\.050000": expected a position within a commune/,
    );
    const count = await db.read((tx) =>
      tx.row(
        z.object({ n: z.number() }),
        sql`select count(*) as n from establishments where license_number like 'B-%'`,
      ),
    );
    expect(count.n).toBe(0);
    const collected = await db.write((tx) =>
      writeRecords(tx, 'establishments', records, { ...simulated, collectIssues: true }),
    );
    expect(collected).toMatchObject({ inserted: 1, issues: [{ index: 1, field: 'geometry' }] });
  });

  it('lets real rows replace simulated ones, and never the other way', async () => {
    const markOf = () =>
      db.read((tx) =>
        tx.row(
          z.object({ simulated: z.boolean(), workers: z.number() }),
          sql`select simulated, workers from establishments where license_number = 'A-1'`,
        ),
      );
    await db.write((tx) =>
      writeRecords(tx, 'establishments', [establishment('A-1', 105.05, 20.05, 9)], real),
    );
    expect(await markOf()).toEqual({ simulated: false, workers: 9 });
    const again = await db.write((tx) =>
      writeRecords(tx, 'establishments', [establishment('A-1', 105.05, 20.05, 4)], simulated),
    );
    expect(again).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await markOf()).toEqual({ simulated: false, workers: 9 });
  });

  it('resolves what activities lean on, and names what is unknown', async () => {
    const result = await db.write(async (tx) => {
      await writeRecords(
        tx,
        'industrial-parks',
        [
          {
            record: { reference: 'KCN-1', name: 'Khánh Phú', workers: null },
            geometry: square(105.02, 20.02, 0.01),
          },
        ],
        simulated,
      );
      await writeRecords(
        tx,
        'dormitories',
        [
          {
            record: { reference: 'D-1', name: 'Ký túc xá', kind: 'student-dormitory', residents: 12 },
            geometry: square(105.04, 20.04, 0.001),
          },
        ],
        simulated,
      );
      await writeRecords(
        tx,
        'schools',
        [
          {
            record: { reference: 'S-1', name: 'Trường', kind: 'vocational', students: 7 },
            geometry: { type: 'Point', coordinates: [105.03, 20.03] },
          },
        ],
        simulated,
      );
      const outreach = await writeRecords(
        tx,
        'outreach',
        (['KCN-1', 'KCN-9'] as const).map((reference, at) => ({
          reference: `T-${at}`,
          heldOn: '2026-03-01',
          form: 'direct' as const,
          audience: 'industrial-workers' as const,
          communeCode: '90001',
          place: { collection: 'industrial-parks' as const, reference },
          attendance: 40,
        })),
        { ...simulated, collectIssues: true },
      );
      const inspections = await writeRecords(
        tx,
        'inspections',
        [
          {
            reference: 'I-1',
            inspectedOn: '2026-04-01',
            licenseNumber: 'A-1',
            teamLevel: 'province',
            outcome: 'no-violation',
            ground: 'random',
          },
        ],
        simulated,
      );
      const reports = await writeRecords(
        tx,
        'reports',
        [
          {
            reference: 'R-1',
            receivedOn: '2026-01-02',
            dueOn: '2026-01-22',
            status: 'resolved',
            resolvedOn: '2026-01-20',
            communeCode: '90002',
            h3Cell: '87414ed56ffffff',
          },
        ],
        simulated,
      );
      const plans = await writeRecords(
        tx,
        'commune-plans',
        [
          {
            communeCode: '90001',
            year: 2026,
            issuedOn: '2026-02-01',
            integratedWith: ['hiv-aids', 'drug-control'],
          },
        ],
        simulated,
      );
      const training = await writeRecords(
        tx,
        'training',
        [
          {
            reference: 'H-1',
            heldOn: '2026-05-01',
            communeCode: null,
            unit: 'Sở Y tế',
            officersAttending: 5,
            officersInPost: 9,
          },
        ],
        simulated,
      );
      const press = await writeRecords(
        tx,
        'press-items',
        [{ reference: 'P-1', publishedOn: '2026-05-01', outletLevel: 'local', communeCode: null }],
        simulated,
      );
      return {
        outreach,
        counts: [inspections, reports, plans, training, press].map(({ inserted }) => inserted),
      };
    });
    expect(result.outreach).toMatchObject({
      inserted: 1,
      issues: [
        { index: 1, field: 'place', value: 'KCN-9', expected: expect.stringContaining('industrial-parks') },
      ],
    });
    expect(result.counts).toEqual([1, 1, 1, 1, 1]);
  });

  it('names the crossing of an outline that crosses itself', async () => {
    const bowTie = {
      ...commune('90003', 'Nơ', 106),
      geometry: {
        type: 'Polygon' as const,
        coordinates: [
          [
            [106, 20],
            [106.1, 20.1],
            [106.1, 20],
            [106, 20.1],
            [106, 20],
          ],
        ],
      },
    };
    await expect(db.write((tx) => writeRecords(tx, 'communes', [bowTie], real))).rejects.toThrow(
      /Self-intersection at 106\.050000, 20\.050000/,
    );
  });
});
