import { execFile, execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { insertWavyCommunes } from '../server/testing/wavy-communes.ts';

const run = promisify(execFile);
const binaries = process.env.POSTGRESQL_BINARIES ?? '/usr/lib/postgresql/15/bin';
const root = fileURLToPath(new URL('..', import.meta.url));
const categories = ['Karaoke', 'Khách sạn', 'Nhà nghỉ', 'Nhà hàng', 'Cắt tóc, gội đầu', 'Xoa bóp, xông hơi'];

/**
 * 100,000 establishments from CSV into a server PostGIS by `diaban import`, a process of its own that checks every row,
 * finds its commune among 130 of 800 vertices and writes under all constraints and indexes; against Debian's `ogr2ogr`
 * loading the same file into the same database as plain text columns with one spatial index. Turn about, medians.
 * To reach: at most 2 × ogr2ogr's time.
 *
 * @param databaseUrl an account that may create databases on a server PostGIS; the benchmark makes and drops its own.
 */
export async function benchImport(
  databaseUrl: string,
  { rows = 100_000, rounds = 3 } = {},
): Promise<{ ownSeconds: number; peerSeconds: number; ratio: number }> {
  const name = `diaban_bench_import_${process.pid}`;
  const url = new URL(databaseUrl);
  const [host, port, user] = [url.hostname, url.port || '5432', url.username || 'postgres'];
  const admin = ['-h', host, '-p', port, '-U', user];
  execFileSync(join(binaries, 'createdb'), [...admin, name]);
  url.pathname = `/${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'diaban-bench-'));
  try {
    const db = await openDatabase({ databaseUrl: url.href, dataDir: folder });
    await migrate(db);
    await insertWavyCommunes(db, { columns: 13, rows: 10, verticesPerSide: 200 });
    await db.close();
    const file = join(folder, 'establishments.csv');
    await writeEstablishments(file, rows);

    const psql = (statement: string) =>
      execFileSync('psql', [...admin, '-d', name, '-qAtc', statement], { encoding: 'utf8' });
    const own = async () => {
      psql('truncate establishments cascade');
      const seconds = await timed(() =>
        run(
          process.execPath,
          ['--import', 'tsx', 'scripts/diaban.ts', 'import', 'establishments', file, '--json'],
          {
            cwd: root,
            env: { ...process.env, DATABASE_URL: url.href, DATA_DIR: folder },
            maxBuffer: 64 * 1024 ** 2,
          },
        ),
      );
      if (Number(psql('select count(*) from establishments')) !== rows)
        throw new Error('not all establishments came in');
      return seconds;
    };
    const peer = async () => {
      psql('drop table if exists by_ogr2ogr');
      return timed(() =>
        run('ogr2ogr', [
          ...[
            '-f',
            'PostgreSQL',
            `PG:host=${host} port=${port} user=${user} dbname=${name}`,
            file,
            '-nln',
            'by_ogr2ogr',
          ],
          ...['-oo', 'X_POSSIBLE_NAMES=kinhdo', '-oo', 'Y_POSSIBLE_NAMES=vido', '-a_srs', 'EPSG:4326'],
        ]),
      );
    };
    // The same rows, read and checked already, out of a table beside it: what no importer can do without.
    const databaseAlone = async () => {
      psql('drop table if exists read_rows');
      psql(`create table read_rows as select ${importedColumns} from establishments`);
      psql('truncate establishments cascade');
      return timed(async () => {
        psql(`begin; create temporary table ending on commit drop as select begin_first_load('establishments') as statements;
              insert into establishments (${importedColumns}) select ${importedColumns} from read_rows;
              select end_first_load('establishments', statements, 'establishments') from ending; commit`);
      });
    };
    const seconds: { own: number; peer: number; database: number }[] = [];
    for (let round = 0; round < rounds; round += 1)
      seconds.push({ peer: await peer(), own: await own(), database: await databaseAlone() });
    const ownSeconds = median(seconds.map((round) => round.own));
    const peerSeconds = median(seconds.map((round) => round.peer));
    const databaseSeconds = median(seconds.map((round) => round.database));
    console.log(
      `import of ${rows} establishments: ${ownSeconds.toFixed(2)} s; ogr2ogr ${peerSeconds.toFixed(2)} s; ratio ${(ownSeconds / peerSeconds).toFixed(2)} (at most 2)`,
    );
    console.log(
      `the database alone, given rows that are read and checked: ${databaseSeconds.toFixed(2)} s, ${(databaseSeconds / peerSeconds).toFixed(2)} × ogr2ogr`,
    );
    return { ownSeconds, peerSeconds, ratio: ownSeconds / peerSeconds };
  } finally {
    execFileSync(join(binaries, 'dropdb'), [...admin, '--force', name]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows as a licensing office exports them, over the extent of `insertWavyCommunes`' 130 communes. */
export async function writeEstablishments(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  const random = seeded(20_260);
  out.write('STT,Số giấy phép,Loại hình,Số lao động,Ngày cấp,kinhdo,vido\n');
  for (let row = 1; row <= rows; row += 1) {
    const day = String(1 + Math.floor(random() * 28)).padStart(2, '0');
    const month = String(1 + Math.floor(random() * 12)).padStart(2, '0');
    const year = 2012 + Math.floor(random() * 13);
    const category = categories[Math.floor(random() * categories.length)]!;
    const [lon, lat] = [106.01 + random() * 0.76, 20.01 + random() * 0.58];
    const line = `${row},GP-${String(row).padStart(7, '0')}/${year},"${category}",${Math.floor(random() * 30)},${day}/${month}/${year},${lon.toFixed(6)},${lat.toFixed(6)}\n`;
    if (!out.write(line)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

/** A multiplicative generator (Lehmer, modulus 2³¹−1), so that every run loads the same file. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

const importedColumns =
  'license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom';

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const databaseUrl = process.argv[2] ?? process.env.TEST_DATABASE_URL;
  if (!databaseUrl) throw new Error('usage: bench-import.ts postgres://…');
  await benchImport(databaseUrl);
}
