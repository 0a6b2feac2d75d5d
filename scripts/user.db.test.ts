import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../server/db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../server/testing/database.ts';
import { insertSquareCommunes } from '../server/testing/province.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001']);
});
afterAll(() => db.close());

const password = 'con đường làng rợp bóng tre';

/** The command as it is run, while a server holds the database. */
async function user(parameters: string[], input = '', environment: Record<string, string> = {}) {
  const run = spawn(process.execPath, ['--import', 'tsx', 'scripts/diaban.ts', 'user', ...parameters], {
    // the test runner has a BASE_URL of its own
    env: { ...process.env, ...db.environment, NODE_ENV: 'test', BASE_URL: '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  run.stdin.end(input);
  let out = '';
  let errors = '';
  run.stdout.on('data', (text) => {
    out += text;
  });
  run.stderr.on('data', (text) => {
    errors += text;
  });
  const code = await new Promise((ended) => run.once('exit', ended));
  return { code, out, errors };
}

describe('diaban user', () => {
  it('makes the first admin with a password from standard input', async () => {
    expect((await user(['list'])).out).toBe(
      'no accounts: npm run -s diaban -- user add quan-tri --role admin makes the first\n',
    );
    const made = await user(['add', 'quan-tri', '--role', 'admin', '--password-stdin'], `${password}\n`);
    expect(made).toEqual({ code: 0, out: 'quan-tri: admin, open\n', errors: '' });
    const stored = await db.read((transaction) =>
      transaction.row(
        z.object({ role: z.string(), password_is_one_time: z.boolean(), text: z.string() }),
        sql`select role, password_is_one_time, row_to_json(a)::text as text from accounts a where name = 'quan-tri'`,
      ),
    );
    expect(stored).toMatchObject({ role: 'admin', password_is_one_time: false });
    expect(stored.text).not.toContain(password);
  });

  it('makes an account with a one-time password, shown this once', async () => {
    const made = await user(['add', 'xa-gia-vien', '--role', 'commune', '--commune', '10001', '--one-time']);
    expect(made.code).toBe(0);
    expect(made.out).toMatch(
      /^xa-gia-vien: commune of 10001 Xã 10001, open, one-time password\n.*\n {2}([a-z2-9]{4}-){3}[a-z2-9]{4}\n$/,
    );
    expect((await user(['list'])).out).not.toMatch(/[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}-/);
  });

  it('lists, changes, closes, opens, signs out', async () => {
    expect((await user(['change', 'xa-gia-vien', '--role', 'leader'])).out).toBe(
      'xa-gia-vien: leader, open, one-time password\n',
    );
    expect((await user(['disable', 'xa-gia-vien'])).out).toMatch(
      /^xa-gia-vien: leader, closed on \d{4}-\d\d-\d\d/,
    );
    expect((await user(['enable', 'xa-gia-vien'])).out).toBe(
      'xa-gia-vien: leader, open, one-time password\n',
    );
    expect((await user(['sign-out', 'xa-gia-vien'])).out).toBe('xa-gia-vien: 0 sessions ended\n');
    expect((await user(['reset-password', 'xa-gia-vien', '--password-stdin'], password)).out).toBe(
      'xa-gia-vien: leader, open\n',
    );
    const listed = JSON.parse((await user(['list', '--json'])).out);
    expect(listed.accounts.map(({ account, role }: Record<string, string>) => [account, role])).toEqual([
      ['quan-tri', 'admin'],
      ['xa-gia-vien', 'leader'],
    ]);
  });

  it.each<[string, string[], string, RegExp]>([
    [
      'a password that is too short',
      ['add', 'so-y-te', '--role', 'planner', '--password-stdin'],
      'ngắn',
      /12 characters/,
    ],
    [
      'a password that everybody tries',
      ['add', 'so-y-te', '--role', 'planner', '--password-stdin'],
      'matkhau123456',
      /first that are tried/,
    ],
    ['two lines', ['add', 'so-y-te', '--role', 'planner', '--password-stdin'], 'một\nhai\n', /one line/],
    ['no terminal to ask at', ['add', 'so-y-te', '--role', 'planner'], '', /no terminal/],
    [
      'an e-mail address',
      ['add', 'a.b@tinh.vn', '--role', 'planner', '--one-time'],
      '',
      /never an e-mail address/,
    ],
    ['a telephone', ['add', 'so-0912345678', '--role', 'planner', '--one-time'], '', /never a telephone/],
    ['a name that is there', ['add', 'quan-tri', '--role', 'planner', '--one-time'], '', /exists/],
    ['no role', ['add', 'so-y-te'], '', /--role/],
    ['an unknown role', ['add', 'so-y-te', '--role', 'owner'], '', /Allowed choices/],
    ['no commune', ['add', 'xa-moi', '--role', 'commune', '--one-time'], '', /--commune/],
    [
      'an unknown commune',
      ['add', 'xa-moi', '--role', 'commune', '--commune', '99999', '--one-time'],
      '',
      /no commune has the code 99999/,
    ],
    [
      'a subject without single sign-on',
      ['add', 'so-y-te', '--role', 'planner', '--subject', 'x'],
      '',
      /OIDC_ISSUER/,
    ],
    ['the last admin', ['disable', 'quan-tri'], '', /The last admin stays/],
    ['nothing to change', ['change', 'quan-tri'], '', /Say what/],
    ['an account that is not there', ['sign-out', 'khong-co'], '', /no account is called khong-co/],
  ])('refuses %s with 2', async (_, parameters, input, words) => {
    const refused = await user(parameters, input);
    expect(refused.errors).toMatch(words);
    expect(refused).toMatchObject({ code: 2, out: '' });
    if (input) expect(refused.errors).not.toContain(input.trim());
  });

  it('needs the owner', async () => {
    const refused = await user(['list'], '', {
      DATABASE_URL: '',
      APPLICATION_DATABASE_URL: 'postgres://diaban_application@127.0.0.1:1/x',
    });
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('DATABASE_URL') });
  });
});
