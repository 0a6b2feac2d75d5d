import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const cases = join(root, 'server/hotspots/testing/cases');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'analyse-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function analyse(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/diaban.ts', 'analyse', ...args],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 27 },
  );
  return { status, stdout, stderr };
}

const nztrees = [
  '--input',
  join(cases, 'kde_nztrees/points.csv'),
  '--window',
  join(cases, 'kde_nztrees/window.geojson'),
];

describe('analyse density', () => {
  it('prints one document: the reference case on a grid and at places', () => {
    const places = file('places.csv', 'x,y\n0.51,0.475\n0.51,4.275\n500,2\n');
    const { status, stdout, stderr } = analyse(
      'density',
      ...nztrees,
      ...[
        '--planar',
        '--kernel',
        'gaussian',
        '--sigma',
        '10',
        '--edge',
        'diggle',
        '--cell',
        '1',
        '--at',
        places,
        '--json',
      ],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.n).toBe(86);
    expect(answer.integral).toBeCloseTo(86, 8);
    expect(answer.unit).toBe('events per square unit of the file');
    expect(answer.grid).toMatchObject({ x0: 0.5, y0: 0.5, step: 1, columns: 153, rows: 95 });
    expect(answer.grid.values).toHaveLength(153 * 95);
    // expected_grid_sample.csv, gaussian_diggle_exact
    expect(answer.at[0]).toBeCloseTo(0.00334884, 5);
    expect(answer.at[1]).toBeCloseTo(0.0046406235, 5);
    expect(answer.at[2]).toBeNull();
  });

  it('projects longitude and latitude, counts what lies outside, and gives events per square metre', () => {
    const points = file('points.csv', 'longitude,latitude,found\n105.95,20.25,2\n105.96,20.26,1\n107,20,5\n');
    const window = file(
      'window.geojson',
      JSON.stringify({
        type: 'Polygon',
        coordinates: [
          [
            [105.9, 20.2],
            [106, 20.2],
            [106, 20.3],
            [105.9, 20.3],
            [105.9, 20.2],
          ],
        ],
      }),
    );
    const { status, stdout, stderr } = analyse(
      'density',
      ...['--input', points, '--window', window, '--sigma', '800', '--weight', 'found', '--json'],
    );
    expect(status).toBe(0);
    expect(stderr).toBe('warning: 1 of 3 points lie outside the window and were left out.\n');
    const answer = JSON.parse(stdout);
    expect(answer.n).toBe(3);
    expect(answer.outside).toEqual({ count: 1, firstRows: ['row 3 (line 4)'] });
    expect(answer.unit).toBe('events per square metre');
    expect(answer.crs).toMatchObject({
      input: 'EPSG:4326',
      distances: expect.stringContaining('+proj=laea'),
    });
    const sum = answer.grid.values.reduce((total: number, value: number | null) => total + (value ?? 0), 0);
    expect(sum * answer.grid.step ** 2).toBeCloseTo(3, 8);
    // 0.1° × 0.1° at 20.25° N
    expect(answer.window.area / 1e6).toBeCloseTo(115.7, 0);
  });

  it('makes cells that can show sigma when none are asked for', () => {
    const cell = (sigma: string) => {
      const run = analyse('density', ...nztrees, '--planar', '--sigma', sigma, '--json');
      expect(run.stderr).toBe('');
      const { grid, integral } = JSON.parse(run.stdout);
      expect(integral).toBeCloseTo(86, 8);
      return grid.step;
    };
    expect(cell('10')).toBeCloseTo(153 / 256, 12);
    expect(cell('1')).toBeCloseTo(0.25, 12);
    expect(cell('0.25')).toBeCloseTo(153 / 1024, 12);
  });

  it.each([
    ['sigma of zero', ['--sigma', '0', '--planar'], /--sigma: 0 is not above zero/],
    ['sigma that is no number', ['--sigma', 'wide', '--planar'], /--sigma: --sigma is not a number: "wide"/],
    [
      'a kernel that is not known',
      ['--sigma', '5', '--kernel', 'box', '--planar'],
      /--kernel: "box" is not known\. Choose/,
    ],
    ['degrees that are none', ['--sigma', '5'], /--crs EPSG:…/],
    ['a cell that cannot show sigma', ['--sigma', '1', '--cell', '9', '--planar'], /under half a cell of 9/],
  ])('refuses %s with exit code 2 and nothing on standard output', (_name, options, message) => {
    const { status, stdout, stderr } = analyse('density', ...nztrees, ...options, '--json');
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  it('refuses an empty window, a coordinate that is missing, and points that all lie outside', () => {
    const empty = file('empty.geojson', '{"type":"MultiPolygon","coordinates":[]}');
    const input = nztrees.slice(0, 2);
    expect(analyse('density', ...input, '--window', empty, '--sigma', '5', '--planar').stderr).toMatch(
      /--window: the window is empty/,
    );
    const broken = file('broken.csv', 'x,y\n1,2\n3,\n');
    expect(
      analyse('density', '--input', broken, ...nztrees.slice(2), '--sigma', '5', '--planar').stderr,
    ).toMatch(/y, row 2 \(line 3\): y is missing/);
    const away = file('away.csv', 'x,y\n-5,-5\n');
    const answer = analyse('density', '--input', away, ...nztrees.slice(2), '--sigma', '5', '--planar');
    expect(answer.stderr).toMatch(/all 1 points of .* lie outside the window/);
    expect(answer.status).toBe(2);
  });
});

describe('analyse scan', () => {
  const areas = () =>
    file(
      'areas.csv',
      readFileSync(join(cases, 'scan_ncsids/input.csv'), 'utf8').replace(
        '"x_km","y_km","cases","pop"',
        'x,y,cases,population',
      ),
    );

  it('prints the clusters of the reference case, the same with one thread as with two', () => {
    const options = [
      '--input',
      areas(),
      '--model',
      'poisson',
      '--max-share',
      '0.5',
      '--replications',
      '49999',
      '--seed',
      '3',
    ];
    const one = analyse('scan', ...options, '--planar', '--threads', '1', '--json');
    expect(one.stderr).toBe('');
    const answer = JSON.parse(one.stdout);
    expect(answer.clusters[0]).toMatchObject({
      ids: ['37155', '37165', '37093', '37017'],
      centerId: '37155',
      from: null,
      to: null,
      observed: 107,
      p: 1 / 50000,
    });
    expect(answer.clusters[0].logLikelihoodRatio).toBeCloseTo(17.632113, 5);
    const two = analyse('scan', ...options, '--planar', '--threads', '2', '--json');
    expect(two.stdout).toBe(one.stdout);
  });

  it('finds a cluster in space and time, dates within both ends', () => {
    const places = file('places.csv', 'id,x,y\na,105.9,20.2\nb,105.95,20.25\nc,106.4,20.6\n');
    const quiet = Array.from({ length: 120 }, (_, i) => {
      const date = new Date(Date.UTC(2026, 0, 1 + (i % 60))).toISOString().slice(0, 10);
      return `${['a', 'b', 'a', 'b', 'a', 'c'][i % 6]},${date},1`;
    });
    const events = file(
      'events.csv',
      ['id,date,cases', ...quiet, 'c,2026-02-10,14', 'c,2026-02-12,6', ''].join('\n'),
    );
    const { status, stdout } = analyse(
      'scan',
      ...['--input', places, '--events', events, '--model', 'space-time-permutation', '--time-unit', 'day'],
      ...['--max-duration', '7', '--replications', '99', '--seed', '1', '--json'],
    );
    expect(status).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.study).toEqual({ from: '2026-01-01', to: '2026-03-01', intervals: 60 });
    expect(answer.clusters[0]).toMatchObject({
      ids: ['c'],
      from: '2026-02-10',
      to: '2026-02-12',
      relativeRisk: null,
      p: 0.01,
    });
    expect(answer.crs.distances).toMatch(/great circle/);
  });

  it.each([
    [
      'negative counts',
      'id,x,y,cases,population\na,1,1,2,9\nb,2,2,-1,9\n',
      [],
      /cases, row 2 \(line 3\): -1 is below 0/,
    ],
    [
      'cases above the population',
      'id,x,y,cases,population\na,1,1,2,9\nb,2,2,10,9\n',
      [],
      /cases, row 2 \(line 3\): 10 cases are more than the population of 9/,
    ],
    [
      'NaN',
      'id,x,y,cases,population\na,1,1,2,9\nb,2,2,NaN,9\n',
      [],
      /cases, row 2 \(line 3\): cases is missing/,
    ],
    [
      'parts of a case',
      'id,x,y,cases,population\na,1,1,2.5,9\n',
      [],
      /cases, row 1 \(line 2\): 2.5 is not a whole number/,
    ],
    [
      'no cases at all',
      'id,x,y,cases,population\na,1,1,0,9\nb,2,2,0,9\n',
      [],
      /cases: there are no cases in all/,
    ],
    ['a repeated id', 'id,x,y,cases,population\na,1,1,1,9\na,2,2,1,9\n', [], /id, row 2 \(line 3\)/],
    ['no column of population', 'id,x,y,cases\na,1,1,1\n', [], /population: .* has no such field/],
    [
      'a share above a half',
      'id,x,y,cases,population\na,1,1,4,9\nb,2,2,1,9\n',
      ['--max-share', '0.7'],
      /--max-share: 0.7/,
    ],
    [
      'half a replication',
      'id,x,y,cases,population\na,1,1,4,9\nb,2,2,1,9\n',
      ['--replications', '1.5'],
      /--replications: "1.5" is not a whole number/,
    ],
  ])('refuses %s with exit code 2 and nothing on standard output', (_name, text, options, message) => {
    const { status, stdout, stderr } = analyse(
      'scan',
      ...['--input', file('bad.csv', text), '--model', 'poisson', '--planar', '--json'],
      ...options,
    );
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  it.each([
    ['an id that no area has', 'id,date\nz,2026-01-01\n', /id, row 1 \(line 2\) of --events: no area/],
    [
      '31 February',
      'id,date\na,31/02/2026\n',
      /date, row 1 \(line 2\) of --events: "31\/02\/2026" is not a date/,
    ],
    ['a year where days are counted', 'id,date\na,2026\n', /date, row 1 .* covers 365 days, more than a day/],
  ])('refuses events with %s', (_name, text, message) => {
    const places = file('two.csv', 'id,x,y\na,1,1\nb,2,2\n');
    const { status, stderr } = analyse(
      'scan',
      ...[
        '--input',
        places,
        '--events',
        file('bad-events.csv', text),
        '--model',
        'space-time-permutation',
        '--planar',
      ],
    );
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
