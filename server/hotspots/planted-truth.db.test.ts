import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { loadDemo } from '../demo/load.ts';
import { overInspectedArea, trueClusters } from '../demo/planted-truth.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';

// The demo holds three clusters of truly higher risk and one area that is merely inspected more (gis-data/README.md).
// Evidence per look must find the three and not the fourth; what was found must show the fourth, labelled as what it is.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await loadDemo(db, { progress: () => {} });
}, 180_000);
afterAll(() => db.close());

type Cluster = { codes: string[]; p: number };
type Area = { id: string; class: string; z: number; pAdjusted: number };
const ask = async (address: string) => {
  const { body, status } = await request(makeApp({ db })).get(address);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const share = (codes: readonly string[], of: readonly string[]) =>
  codes.filter((code) => of.includes(code)).length / codes.length;

describe('the scan statistic on the demo province', () => {
  it('finds the three planted clusters among inspections, and nothing where one merely looked more', async () => {
    const { clusters, simulated, found } = await ask(
      '/api/hotspots/scan?model=bernoulli&replications=999&seed=1',
    );
    expect(simulated).toBe(true);
    const sure = (clusters as Cluster[]).filter(({ p }) => p <= 0.01);
    expect(sure).toHaveLength(3);
    for (const planted of trueClusters) {
      const best = Math.max(...sure.map(({ codes }) => share(planted.communeCodes, codes)));
      expect(best, planted.name).toBeGreaterThanOrEqual(0.8);
    }
    for (const { codes } of sure) expect(share(overInspectedArea.communeCodes, codes)).toBe(0);
    expect(found.vi).toContain('Có 3 cụm vượt mức ngẫu nhiên');
  });

  it('lights the over-inspected area up when violations are held against premises, and warns', async () => {
    const { clusters, found } = await ask('/api/hotspots/scan?model=poisson&replications=999&seed=1');
    const first = (clusters as Cluster[])[0]!;
    expect(first.p).toBeLessThanOrEqual(0.01);
    expect(share(overInspectedArea.communeCodes, first.codes)).toBeGreaterThanOrEqual(0.8);
    expect(found.vi).toContain('Nơi kiểm tra nhiều thì phát hiện nhiều');
  });
});

it.each(['density?grid=none', 'relative-risk?', 'local?', 'scan?', 'trend?'])(
  '%s says that it rests on simulated data also where there is no event',
  async (analysis) => {
    const { simulated } = await ask(`/api/hotspots/${analysis}&from=2024-01-01&to=2024-12-31`);
    expect(simulated).toBe(true);
  },
);

describe('Gi* on the demo province', () => {
  const hotIn = (areas: Area[], codes: readonly string[]) =>
    areas.filter(({ id, class: found }) => codes.includes(id) && /^hot-(95|99)$/.test(found)).length;

  it('finds planted communes by violations per inspection and none of the over-inspected', async () => {
    const { areas, method, found } = await ask('/api/hotspots/local');
    expect(method).toMatchObject({ measure: 'rate', stream: 'routine', statistic: 'gi-star' });
    for (const planted of trueClusters)
      expect(hotIn(areas, planted.communeCodes), planted.name).toBeGreaterThan(0);
    expect(hotIn(areas, overInspectedArea.communeCodes)).toBe(0);
    expect(found.vi).not.toContain('Nơi kiểm tra nhiều');
  });

  it('finds the over-inspected area by violations found, and warns', async () => {
    const { areas, found } = await ask('/api/hotspots/local?measure=count');
    expect(hotIn(areas, overInspectedArea.communeCodes)).toBeGreaterThan(0);
    expect(found.en).toContain('Where one looked more, one found more');
  });

  it('gives the same bytes for the same question', async () => {
    const address = '/api/hotspots/local?p=permutation&permutations=999&seed=7&statistic=moran';
    const [first, second] = await Promise.all(
      [makeApp({ db }), makeApp({ db })].map((app) => request(app).get(address)),
    );
    expect(first!.text).toBe(second!.text);
    expect(JSON.parse(first!.text).method).toMatchObject({ permutations: 999, seed: 7 });
  });

  it('tests cells of H3 as well', async () => {
    const { areas, notTestable, method } = await ask('/api/hotspots/local?unit=cell');
    expect(method.unit).toBe('cell');
    expect(areas.length).toBeGreaterThan(100);
    for (const { id } of [...areas, ...notTestable]) expect(id).toMatch(/^87[0-9a-f]{13}$/);
  });
});

describe('surfaces on the demo province', () => {
  it('are above the province’s own risk in planted clusters and not in the over-inspected area', async () => {
    const { tolerance, inspections, violations, maskedShare } = await ask('/api/hotspots/relative-risk');
    expect(violations).toBeGreaterThan(100);
    expect(inspections).toBeGreaterThan(violations);
    expect(maskedShare).toBeGreaterThanOrEqual(0);
    expect(
      tolerance.features.some(
        (feature: { properties: { side: string } }) => feature.properties.side === 'above',
      ),
    ).toBe(true);
  });

  it('never give a report a place of its own', async () => {
    const { method, n, outside, withheld, from, to } = await ask(
      '/api/hotspots/density?events=reports&grid=none&from=2026-07-01&to=2026-10-31',
    );
    expect(method.events).toBe('reports');
    expect([from, to]).toEqual(['2026-07-01', '2026-09-30']);
    // in one quarter most cells hold fewer than five: they were joined, or withheld and told in fives
    const all = await db.read((tx) =>
      tx.row(
        z.object({ n: z.number() }),
        sql`select count(*) as n from reports where received_on between '2026-07-01' and '2026-09-30'`,
      ),
    );
    expect(Math.abs(n + outside + withheld - all.n)).toBeLessThan(5);
  });

  it('know outreach by commune alone', async () => {
    const { n, method } = await ask('/api/hotspots/density?events=outreach&grid=none&bandwidthMeters=5000');
    expect(method.events).toBe('outreach');
    expect(n).toBeGreaterThan(1000);
  });
});

describe('the trend on the demo province', () => {
  it('classes communes by quarter and names those it cannot', async () => {
    const { slices, areas, notTestable, warnings } = await ask('/api/hotspots/trend');
    expect(slices).toEqual(['2025-07-01', '2025-10-01', '2026-01-01', '2026-04-01', '2026-07-01']);
    expect(areas.length + notTestable.length).toBe(129);
    for (const { reason } of notTestable) expect(reason).toMatch(/slice \d/);
    expect(warnings[0]).toContain('5 slices');
  });
});

describe('the server while analyses run', () => {
  it('answers other requests, and four scans come out as one would', async () => {
    const app = makeApp({ db });
    const scan = (seed: number) =>
      request(app)
        .get(`/api/hotspots/scan?replications=1999&seed=${seed}`)
        .then(({ body }) => body.clusters.length);
    const scans = Promise.all([1, 2, 3, 4].map(scan));
    const statuses = [];
    for (let index = 0; index < 10; index += 1) statuses.push((await request(app).get('/api/health')).status);
    expect(statuses).toEqual(Array(10).fill(200));
    for (const clusters of await scans) expect(clusters).toBeGreaterThan(0);
  });
});
