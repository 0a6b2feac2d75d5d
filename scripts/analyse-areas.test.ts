import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  caseJson,
  casePath,
  caseRows,
  largestDifference,
  numbers,
} from '../server/hotspots/testing/reference-cases.ts';
import { analyseCommand } from './analyse.ts';

const folder = mkdtempSync(join(tmpdir(), 'analyse-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

type Outcome = { status: number; stdout: string; stderr: string };

/** The command in a process of its own, as an analyst runs it. Slow: once for each thing that only this can show. */
function spawned(...args: string[]): Outcome {
  const root = new URL('../', import.meta.url).pathname;
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/diaban.ts', 'analyse', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: run.status ?? -1, stdout: run.stdout, stderr: run.stderr };
}

/** The same command within this process. */
async function diaban(...args: string[]): Promise<Outcome> {
  const outcome: Outcome = { status: 0, stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => (text: string | Uint8Array) => {
    outcome[stream] += String(text);
    return true;
  };
  const mocks = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('stderr')),
  ];
  try {
    await analyseCommand().parseAsync(args, { from: 'user' });
    outcome.status = Number(process.exitCode ?? 0);
  } finally {
    process.exitCode = undefined;
    for (const mock of mocks) mock.mockRestore();
  }
  return outcome;
}

// biome-ignore lint/suspicious/noExplicitAny: the document is what is under test
async function answer(...args: string[]): Promise<any> {
  const { status, stdout, stderr } = await diaban(...args, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

const columbus = ['--input', casePath('columbus/columbus.geojson'), '--id', 'POLYID'];
const listed = ['--weights', `file:${casePath('columbus/neighbours.csv')}`];

describe('analyse local', () => {
  it('gives the numbers of spdep on Columbus from a file of weights', async () => {
    const expected = caseRows('columbus/expected_local_HOVAL.csv');
    const document = await answer(
      'local',
      ...columbus,
      ...listed,
      '--value',
      'HOVAL',
      '--statistic',
      'moran',
      '--style',
      'row',
    );
    expect(document.areas.map((area: { id: number }) => String(area.id))).toEqual(
      expected.map((row) => row.id),
    );
    const column = (name: string) => document.areas.map((area: Record<string, number>) => area[name]);
    expect(largestDifference(column('z'), numbers(expected, 'Ii_W_zcond'))).toBeLessThan(1e-9);
    expect(largestDifference(column('p'), numbers(expected, 'Ii_W_p2cond'))).toBeLessThan(1e-9);
    expect(document.global.moran.i).toBeCloseTo(0.173645208268833, 12);
    expect(document.global.moran.variance).toBeCloseTo(0.00857595324591002, 14);
    expect(document).toMatchObject({ n: 49, tests: 49, notTestable: [], seed: null, replications: null });
    expect(document.input).toMatchObject({ rows: 49, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it.each(['binary', 'row'])(
    'gives the numbers of spdep on directed weights of any size, %s',
    async (style) => {
      const ofStyle = (name: string) => caseRows(`directed/${name}.csv`).filter((row) => row.style === style);
      const expected = ofStyle('expected');
      for (const statistic of ['gi', 'gi-star', 'moran']) {
        const document = await answer(
          'local',
          ...['--input', casePath('directed/areas.csv'), '--id', 'id', '--value', 'value', '--style', style],
          ...['--weights', `file:${casePath('directed/weights.csv')}`, '--statistic', statistic],
        );
        const z = document.areas.map((area: { z: number }) => area.z);
        expect(document.areas.map((area: { id: string }) => area.id)).toEqual(expected.map((row) => row.id));
        expect(largestDifference(z, numbers(expected, statistic.replace('-', '_')))).toBeLessThan(1e-9);
        expect(document.notTestable).toEqual([{ id: '13', reason: 'it has no neighbours' }]);
        const { i, variance, p } = document.global.moran;
        const global = ofStyle('expected_global').flatMap((row) => [+row.i!, +row.variance!, +row.p!]);
        expect(largestDifference([i, variance, p], global)).toBeLessThan(1e-12);
      }
    },
  );

  it('gives the numbers of spdep on the grid of Ord & Getis from bands of distance in the plane', async () => {
    const input = ['--input', casePath('getisord/getisord.csv'), '--id', 'id', '--value', 'val', '--planar'];
    const document = await answer(
      'local',
      ...input,
      '--statistic',
      'gi',
      '--weights',
      'distance:60',
      '--style',
      'binary',
    );
    const z = document.areas.map((area: { z: number }) => area.z);
    expect(largestDifference(z, numbers(caseRows('getisord/expected_localG.csv'), 'Gi_B_z_60'))).toBeLessThan(
      1e-9,
    );
    expect(document.crs).toBe('planar');
  });

  it('prints the same bytes for the same seed', async () => {
    const args = [
      'local',
      ...columbus,
      '--value',
      'CRIME',
      '--p',
      'permutation',
      '--permutations',
      '999',
      '--json',
    ];
    const first = await diaban(...args, '--seed', '7');
    expect((await diaban(...args, '--seed', '7')).stdout).toBe(first.stdout);
    expect((await diaban(...args, '--seed', '8')).stdout).not.toBe(first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ seed: 7, replications: 999 });
    expect(JSON.parse(first.stdout).method.pShown).toContain('x_i');
  });

  it('sets aside gaps, text, zero denominators and islands, and warns of few areas', async () => {
    const rows = ['id,x,y,found,looked'];
    for (let i = 0; i < 20; i++)
      rows.push(`a${i},${(i % 5) * 10},${Math.floor(i / 5) * 10},${i % 4},${20 + i}`);
    rows[3] = 'a2,20,0,,22';
    rows[4] = 'a3,30,0,many,23';
    rows[6] = 'a5,0,10,0,0';
    rows.push('far,900,900,3,30');
    const args = [
      '--id',
      'id',
      '--value',
      'found',
      '--denominator',
      'looked',
      '--planar',
      '--weights',
      'distance:15',
    ];
    const document = await answer('local', '--input', file('gaps.csv', rows.join('\n')), ...args);
    expect(document.notTestable).toEqual([
      { id: 'a2', reason: 'found is missing' },
      { id: 'a3', reason: 'found is not a number: "many"' },
      { id: 'a5', reason: 'looked is 0: there is no rate' },
      { id: 'far', reason: 'it has no neighbours' },
    ]);
    expect(document.n).toBe(18);
    expect(document.areas.length).toBe(17);
    expect(document.warnings.join()).toMatch(/Only 18 areas.*1 area has no neighbours/);
    expect(document.method.tested).toContain('empirical-Bayes');
  });

  it('makes queen, rook, nearest and band weights from outlines in degrees, taking metres on the ellipsoid', async () => {
    const square = (id: number, x: number, y: number) => ({
      type: 'Feature',
      properties: { id, value: (id * 7) % 5 },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [x, y],
            [x + 0.01, y],
            [x + 0.01, y + 0.01],
            [x, y + 0.01],
            [x, y],
          ],
        ],
      },
    });
    const features = Array.from({ length: 36 }, (_, i) =>
      square(i, 106 + 0.01 * (i % 6), 20 + 0.01 * Math.floor(i / 6)),
    );
    const input = file('squares.geojson', JSON.stringify({ type: 'FeatureCollection', features }));
    const local = (weights: string) =>
      answer(
        'local',
        '--input',
        input,
        '--id',
        'id',
        '--value',
        'value',
        '--statistic',
        'gi',
        '--weights',
        weights,
      );
    const gi = (document: { areas: { z: number }[] }) => document.areas.map((area) => area.z);
    // 0.01° is 1,045 m east and 1,107 m north, 1,523 m over the corner.
    expect(largestDifference(gi(await local('distance:1200')), gi(await local('rook')))).toBeLessThan(1e-12);
    expect(largestDifference(gi(await local('distance:1600')), gi(await local('queen')))).toBeLessThan(1e-12);
    expect((await local('distance:1200')).method.weights).toMatchObject({
      distances: 'ellipsoid WGS 84',
      points: 'centroids',
    });
    expect((await local('knn:1')).warnings.join()).toMatch(/tie for the last of the 1 nearest/);
    expect((await local('distance:10')).notTestable.length).toBe(36);
  });
});

describe('analyse smooth and trend', () => {
  const counts = file('counts.csv', 'id,cases,people\na,4,100\nb,0,50\nc,40,300\nd,3,60\ne,25,200\nf,0,0\n');
  const pairs = file('pairs.csv', 'id_i,id_j\na,b\nb,a\na,c\nc,a\nc,d\nd,c\nd,e\ne,d\n');
  const args = ['smooth', '--input', counts, '--id', 'id', '--cases', 'cases', '--population', 'people'];

  it('smooths over all and over neighbours', async () => {
    const global = await answer(...args);
    expect(global).toMatchObject({
      n: 5,
      notTestable: [{ id: 'f', reason: 'people is 0: there is no rate' }],
    });
    expect(global.mean).toBeCloseTo(72 / 710, 15);
    expect(global.areas[0].raw).toBe(0.04);
    const local = await answer(...args, '--method', 'local', '--weights', `file:${pairs}`);
    expect(local.areas.map((area: { id: string }) => area.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(local.areas[0].mean).toBeCloseTo(44 / 450, 15);
    expect((await diaban(...args, '--method', 'local')).stderr).toContain(
      '--weights: a local estimate needs neighbours',
    );
  });

  it('classes every series of the reference as recommended', async () => {
    const expected =
      caseJson<{ name: string; recommended: string; mk_p: number }[]>('ehsa/expected_ehsa.json');
    const { series } = await answer('trend', '--input', casePath('ehsa/expected_ehsa.json'));
    expect(series.map((one: { id: string; class: string }) => [one.id, one.class])).toEqual(
      expected.map((one) => [one.name, one.recommended]),
    );
  });

  it('takes plain series, and sets aside those that cannot be tested', async () => {
    const input = file(
      'series.json',
      JSON.stringify({ up: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], flat: [1, 1, 1], gap: [3, null, 2, 1] }),
    );
    const document = await answer('trend', '--input', input);
    expect(document.notTestable).toEqual([{ id: 'flat', reason: 'all values are equal' }]);
    expect(document.series[0]).toMatchObject({ id: 'up', s: 45, tau: 1, trend: 'rising', class: null });
    expect(document.series[1]).toMatchObject({ id: 'gap', n: 3, missing: 1, s: -3 });
  });
});

describe('bad input: exit code 2, nothing on standard output, the field, the row and the remedy', () => {
  const table = (name: string, text: string) => ['--input', file(name, text)];
  const local = ['local', '--id', 'id', '--value', 'v', '--planar', '--weights', 'knn:1'];
  const rate = [...local, '--denominator', 'd'];
  const points = 'id,x,y,v,d\na,0,0,1,5\nb,1,0,2,5\nc,0,1,3,5\n';
  it.each<[string, string[], RegExp]>([
    ['no such file', [...local, '--input', '/nowhere.csv'], /--input: cannot read the file.*ENOENT/],
    [
      'no such field',
      [...local.slice(0, 3), '--value', 'w', ...table('p1.csv', points)],
      /w: .*no such field \(asked for by --value\).*id, x, y, v, d/,
    ],
    [
      'id twice',
      [...local, ...table('p2.csv', `${points}a,2,2,2,5\n`)],
      /id, row 4 \(line 5\): the id "a" stands at row 1/,
    ],
    [
      'id missing',
      [...local, ...table('p3.csv', `${points},2,2,2,5\n`)],
      /id, row 4 \(line 5\): the id is missing/,
    ],
    [
      'negative count',
      [...rate, ...table('p4.csv', `${points}e,2,2,-2,5\n`)],
      /v, row 4 \(line 5\): the count -2 is negative/,
    ],
    [
      'cases above population',
      [...rate, ...table('p5.csv', `${points}e,2,2,9,5\n`)],
      /v, row 4 \(line 5\): 9 is more than its denominator d 5/,
    ],
    [
      'coordinate missing',
      [...local, ...table('p6.csv', `${points}e,,2,9,5\n`)],
      /x, row 4 \(line 5\): x is missing/,
    ],
    [
      'no number in the whole column',
      [...local, ...table('decimal-commas.csv', 'id;x;y;v\na;0;0;1,5\nb;1;0;2,5\nc;0;1;3,5\n')],
      /v, row 1 \(line 2\): v is not a number: "1,5" .*no other row.*decimals with a point/,
    ],
    [
      'degrees where metres are stated',
      [
        ...local.slice(0, 5),
        '--crs',
        'EPSG:5897',
        '--weights',
        'knn:1',
        ...table('degrees.csv', 'id,x,y,v\na,105.9,20.2,1\nb,106,20.3,2\nc,106.1,20.2,3\n'),
      ],
      /coordinates: x 105\.9 to 106\.1 .*look like degrees.*--crs/,
    ],
    ...[
      [
        'an outline without coordinates',
        { type: 'Polygon', coordinates: [] },
        /feature 1: has no coordinates/,
      ],
      [
        'a position that is null',
        { type: 'Polygon', coordinates: [[null, null, null, null]] },
        /feature 1: has a ring .*not a finite number.*Repair/,
      ],
    ].map(([name, geometry, message]): [string, string[], RegExp] => [
      name as string,
      [
        ...local.slice(0, 5),
        ...table(
          `${(name as string).replaceAll(' ', '-')}.geojson`,
          JSON.stringify({
            type: 'FeatureCollection',
            features: [{ type: 'Feature', properties: { id: 'a', v: 1 }, geometry }],
          }),
        ),
      ],
      message as RegExp,
    ]),
    [
      'degrees out of range',
      [
        'local',
        '--id',
        'id',
        '--value',
        'v',
        '--weights',
        'knn:1',
        ...table('p7.csv', 'id,x,y,v\na,500000,2200000,1\nb,500100,2200000,2\n'),
      ],
      /not longitudes and latitudes.*--crs/,
    ],
    [
      'too many neighbours',
      [...local.slice(0, -1), 'knn:3', ...table('p8.csv', points)],
      /--weights: knn:3 .* \(3\)\. Give K from 1 to 2/,
    ],
    [
      'unknown weights',
      [...local.slice(0, -1), 'knight', ...table('p9.csv', points)],
      /--weights: "knight".*Give queen, rook/,
    ],
    [
      'queen without outlines',
      [...local.slice(0, -1), 'queen', ...table('p10.csv', points)],
      /--weights: queen contiguity needs outlines/,
    ],
    [
      'weights of an unknown id',
      [...local.slice(0, -1), `file:${file('w1.csv', 'id_i,id_j\na,q\n')}`, ...table('p11.csv', points)],
      /id_j, row 1 \(line 2\) of the weights: .*"q"/,
    ],
    [
      'bad statistic',
      [...local, '--statistic', 'g', ...table('p12.csv', points)],
      /--statistic: "g".*gi-star, gi, moran/,
    ],
    [
      'bad permutations',
      [...local, '--permutations', '9.5', ...table('p13.csv', points)],
      /--permutations: "9\.5" is not a whole number/,
    ],
    [
      'bad seed',
      [...local, '--seed', '-1', ...table('p14.csv', points)],
      /--seed: "-1" is not a whole number/,
    ],
    [
      'planar and crs',
      [...local, '--crs', 'EPSG:3405', ...table('p15.csv', points)],
      /--planar, --crs: both are given/,
    ],
    ['empty table', [...local, ...table('p16.csv', 'id,x,y,v\n')], /holds no rows/],
    [
      'broken JSON',
      [...local, ...table('p17.geojson', '{"type": "FeatureCollection", "features": [NaN]}')],
      /not valid JSON/,
    ],
    [
      'decimal commas',
      [...local, ...table('p18.csv', 'id,x,y,v\na,0,0,1,5\n')],
      /row 1 \(line 2\): has 5 columns where the header has 4/,
    ],
    [
      'smooth: negative',
      ['smooth', '--id', 'id', '--cases', 'v', '--population', 'd', ...table('p19.csv', 'id,v,d\na,1,-4\n')],
      /d, row 1 \(line 2\): the count -4 is negative/,
    ],
    [
      'trend: not a number',
      ['trend', ...table('s1.json', '[{"id":"a","z":[1,"2",3]}]')],
      /z\[1\], series 1 \(a\): "2" is not a number/,
    ],
    [
      'trend: sig of another length',
      ['trend', ...table('s2.json', '[{"id":"a","z":[1,2,3],"sig":[true]}]')],
      /sig, series 1 \(a\): is not a list of 3/,
    ],
  ])('%s', async (_name, args, message) => {
    const { status, stdout, stderr } = await diaban(...args, '--json');
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('ends quietly when the reader of its output has seen enough', () => {
    const series = JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ id: i, values: [1, 2, 3, 4] })));
    const command = `"${process.execPath}" --import tsx scripts/diaban.ts analyse trend --json --input "${file('many.json', series)}" | head -c 10`;
    const run = spawnSync('sh', ['-c', command], {
      cwd: new URL('../', import.meta.url).pathname,
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('{"method":');
    expect(run.stderr).toBe('');
  });

  it('also as a process of its own, for options that are missing or unknown too', () => {
    const missing = spawned('local', '--json');
    expect(missing).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('required option'),
    });
    const unknown = spawned('trend', '--input', casePath('ehsa/expected_ehsa.json'), '--what');
    expect(unknown).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('unknown option'),
    });
    const bad = spawned(...local, ...table('spawned.csv', 'id,x,y,v\na,0,,1\n'), '--json');
    expect(bad).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('y, row 1 (line 2)'),
    });
    const good = spawned('trend', '--input', casePath('ehsa/expected_mk_ties.json'), '--json');
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(good.stdout).series[0].s).toBe(30);
  });
});
