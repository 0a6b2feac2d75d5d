import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import type { z } from 'zod';
import { type Role, roles } from '../contract/access.ts';
import { type Account, accountName, longestPassword } from '../contract/access-endpoints.ts';
import { dayInVietnam } from '../contract/calendar-day.ts';
import { communeCode } from '../contract/places.ts';
import { listAccounts } from '../server/access/account-queries.ts';
import {
  accountFrom,
  addAccount,
  alterAccount,
  type ChosenPassword,
  type Keeping,
  signOutAccount,
} from '../server/access/accounts.ts';
import { createPasswordHashing } from '../server/access/password-hashing.ts';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { ProblemError } from '../server/http/problem.ts';

type PasswordOptions = { passwordStdin?: true; oneTime?: true };
type AddOptions = PasswordOptions & { role: Role; commune?: string; subject?: string };
type ChangeOptions = {
  role?: Role;
  commune?: string;
  subject?: string;
  unlink?: true;
  revokeTokens?: true;
};

/** What was asked for cannot be done as it was asked; the words say what to do. */
class Misuse extends Error {}

/** `diaban user …`: ends with 0 when done, 2 when what was given is wrong, 1 otherwise. */
export function userCommand(): Command {
  const user = new Command('user').description(
    `Who may sign in. An account is an office's (so-y-te, xa-gia-vien), never a person's: no names, e-mail addresses,
telephones or identity numbers. With the rights of the database's owner (DATABASE_URL).`,
  );
  user
    .command('add')
    .description('make an account; asks for its password, which is typed twice and not shown')
    .argument('<name>', 'the office: letters without diacritics, digits, hyphens; as so-y-te-1, xa-gia-vien')
    .addOption(new Option('--role <role>', 'what it may see').choices(roles).makeOptionMandatory())
    .option('--commune <code>', 'of the role commune: 5 digits')
    .option('--subject <subject>', 'signs in by single sign-on as this subject, and has no password')
    .addOption(passwordFromStdin())
    .addOption(oneTimePassword())
    .action((name: string, options: AddOptions) => carryOut((keeping) => add(keeping, name, options)));
  user
    .command('list')
    .description('all accounts')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      carryOut(async ({ transactions }) => {
        const rows = await transactions.read((transaction) => listAccounts(transaction));
        const accounts = rows.map(accountFrom);
        if (json) console.log(JSON.stringify({ accounts }, null, 2));
        else printTable(accounts);
      }),
    );
  user
    .command('change')
    .description('give an account another role or commune, or another subject; it signs in anew')
    .argument('<name>')
    .addOption(new Option('--role <role>').choices(roles))
    .option('--commune <code>', 'of the role commune: 5 digits')
    .option('--subject <subject>', 'what the single sign-on calls it')
    .addOption(new Option('--unlink', 'no single sign-on any more').conflicts('subject'))
    .option('--revoke-tokens', 'its access tokens end')
    .action((name: string, options: ChangeOptions) => carryOut((keeping) => change(keeping, name, options)));
  for (const [command, disabled, does] of [
    ['disable', true, 'close an account: its sessions and access tokens end at once'],
    ['enable', false, 'open an account again'],
  ] as const)
    user
      .command(command)
      .description(does)
      .argument('<name>')
      .action((name: string) =>
        carryOut(async (keeping) => say((await alterAccount(keeping, name, { disabled })).account)),
      );
  user
    .command('reset-password')
    .description('give an account another password; its sessions end')
    .argument('<name>')
    .addOption(passwordFromStdin())
    .addOption(oneTimePassword())
    .action((name: string, options: PasswordOptions) =>
      carryOut(async (keeping) => {
        const password = await passwordAsked(options);
        sayMade(await alterAccount(keeping, name, { resetPassword: true }, password));
      }),
    );
  user
    .command('sign-out')
    .description('end all sessions of an account; running servers see it within a second')
    .argument('<name>')
    .action((name: string) =>
      carryOut(async (keeping) => {
        const { account, endedSessions } = await signOutAccount(keeping, name);
        console.log(`${account.account}: ${endedSessions} sessions ended`);
      }),
    );
  return user;
}

const passwordFromStdin = () => new Option('--password-stdin', 'read the password from standard input');
const oneTimePassword = () =>
  new Option('--one-time', 'print a password that is good for choosing another, within three days').conflicts(
    'passwordStdin',
  );

async function add(keeping: Keeping, given: string, options: AddOptions): Promise<void> {
  const account = valid(accountName, given, 'the name');
  const { role } = options;
  const commune = communeOf(options.commune);
  if ((role === 'commune') !== (commune !== undefined))
    throw new Misuse('--commune belongs to the role commune, and to no other.');
  // Asked before a password is, so that nobody types one for nothing.
  const [taken] = await keeping.transactions.read((transaction) => listAccounts(transaction, account));
  if (taken) throw new Misuse(`${account} exists. A name is never given twice: see "user list".`);
  const password = options.subject === undefined ? await passwordAsked(options) : null;
  sayMade(
    await addAccount(
      keeping,
      { account, role, commune: commune ?? null, subject: options.subject },
      password,
    ),
  );
}

async function change(keeping: Keeping, name: string, options: ChangeOptions): Promise<void> {
  const { role, subject, unlink, revokeTokens } = options;
  const commune = communeOf(options.commune);
  if ([role, commune, subject, unlink, revokeTokens].every((given) => given === undefined))
    throw new Misuse('Say what is to be changed: --role, --commune, --subject, --unlink or --revoke-tokens.');
  const { account } = await alterAccount(keeping, name, {
    ...(role && { role }),
    ...(commune !== undefined && { commune }),
    ...(subject !== undefined && { subject }),
    ...(unlink && { subject: null }),
    ...(revokeTokens && { revokeTokens }),
  });
  say(account);
}

const communeOf = (code: string | undefined) =>
  code === undefined ? undefined : valid(communeCode, code, '--commune');

function valid<Value>(schema: z.ZodType<Value>, given: string, what: string): Value {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Misuse(`${what} "${given}" should be ${parsed.error.issues[0]!.message}.`);
}

async function carryOut(work: (keeping: Keeping) => Promise<void>): Promise<void> {
  const { databaseUrl, applicationUrl, dataDir, singleSignOn } = readConfig();
  if (applicationUrl && !databaseUrl) {
    console.error(
      'Accounts are made with the rights of the database’s owner: give its address as DATABASE_URL.',
    );
    process.exitCode = 2;
    return;
  }
  const db = await openDatabase({ databaseUrl, dataDir });
  try {
    await migrate(db);
    await work({
      transactions: db,
      hashing: createPasswordHashing(),
      issuer: singleSignOn?.issuer ?? null,
    });
  } catch (error) {
    if (error instanceof Misuse) console.error(error.message);
    else if (error instanceof ProblemError) {
      const { title, detail, remedy } = error.problem;
      console.error([`${title}${detail ? `: ${detail}` : ''}.`, remedy].filter(Boolean).join('\n'));
    } else throw error;
    process.exitCode = 2;
  } finally {
    await db.close();
  }
}

/** Null where a one-time password is to be made. */
async function passwordAsked({ passwordStdin, oneTime }: PasswordOptions): Promise<ChosenPassword> {
  if (oneTime) return null;
  if (passwordStdin) {
    const given = (await textOf(process.stdin)).replace(/\r?\n$/, '');
    if (!given || given.length > longestPassword || /[\r\n]/.test(given))
      throw new Misuse(
        `Standard input should hold one line: the password, of at most ${longestPassword} characters.`,
      );
    return { chosen: given };
  }
  if (!process.stdin.isTTY)
    throw new Misuse('There is no terminal to ask for a password: use --password-stdin or --one-time.');
  const chosen = await askHidden('Password: ');
  if ((await askHidden('Once more: ')) !== chosen) throw new Misuse('The two differ. Nothing was changed.');
  return { chosen };
}

/** A line from the terminal that is not shown while it is typed. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_text, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((done, left) => {
      lines.once('line', done);
      lines.once('SIGINT', () => left(new Misuse('Nothing was changed.')));
      lines.once('close', () => left(new Misuse('Nothing was changed.')));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function sayMade({
  account,
  oneTimePassword: once,
}: {
  account: Account;
  oneTimePassword: string | null;
}): void {
  say(account);
  if (once)
    console.log(
      `One-time password, shown this once, to be changed at the first sign-in within three days:\n  ${once}`,
    );
}

const stateOf = ({ disabledAt, mustChangePassword, hasPassword, singleSignOn, demo }: Account): string =>
  [
    disabledAt ? `closed on ${dayInVietnam(new Date(disabledAt))}` : 'open',
    demo && 'demo',
    singleSignOn && 'single sign-on',
    mustChangePassword && 'one-time password',
    !(hasPassword || singleSignOn || demo) && 'cannot sign in',
  ]
    .filter(Boolean)
    .join(', ');

const say = (account: Account): void => {
  const commune = account.commune ? ` of ${account.commune} ${account.communeName}` : '';
  console.log(`${account.account}: ${account.role}${commune}, ${stateOf(account)}`);
};

function printTable(accounts: readonly Account[]): void {
  if (!accounts.length) {
    console.log('no accounts: npm run -s diaban -- user add quan-tri --role admin makes the first');
    return;
  }
  const rows = [
    ['account', 'role', 'commune', 'state', 'last sign-in', 'sessions', 'tokens'],
    ...accounts.map((account) => [
      account.account,
      account.role,
      account.commune ?? '',
      stateOf(account),
      account.lastSignInAt ? dayInVietnam(new Date(account.lastSignInAt)) : 'never',
      String(account.sessions),
      String(account.tokens),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}
