import type { Role } from '../../contract/access.ts';
import type { Account } from '../../contract/access-endpoints.ts';
import type { Transactions } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import {
  type AccountChange,
  type AccountRow,
  changeAccount,
  endSessionsOf,
  listAccounts,
  makeAccount,
} from './account-queries.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { passwordFault } from './password-rules.ts';
import { hashOfSubject, newOneTimePassword } from './secrets.ts';

// What the accounts' page and the command line do alike. Whose rights it takes is the caller's: an admin's, or the owner's.

export type Keeping = {
  transactions: Transactions;
  hashing: PasswordHashing;
  /** Of the single sign-on, without which no account can be linked. */
  issuer: string | null;
};

/** A password that somebody chose on the command line, or none: then one for a single use is made. */
export type ChosenPassword = { chosen: string } | null;

type Made = { account: Account; oneTimePassword: string | null };

export async function addAccount(
  { transactions, hashing, issuer }: Keeping,
  asked: { account: string; role: Role; commune: string | null; subject?: string | undefined },
  password: ChosenPassword = null,
): Promise<Made> {
  const subject = asked.subject === undefined ? null : subjectOf(issuer, asked.subject);
  const oneTimePassword = subject || password ? null : newOneTimePassword();
  const text = password?.chosen ?? oneTimePassword;
  if (password) refuseWeak(password.chosen, asked.account);
  const kept = text === null ? null : await hashing.inTurn(({ keep }) => keep(text));
  const account = await transactions.write(async (transaction) => {
    const outcome = await makeAccount(transaction, {
      account: asked.account,
      role: asked.role,
      commune: asked.commune,
      subject,
      password: kept,
      oneTime: oneTimePassword !== null,
    });
    if (outcome !== 'made') throw refusals[outcome](asked.account, asked.commune);
    return (await listAccounts(transaction, asked.account))[0]!;
  });
  return { account: accountFrom(account), oneTimePassword };
}

export async function alterAccount(
  { transactions, hashing, issuer }: Keeping,
  name: string,
  {
    resetPassword,
    subject,
    ...change
  }: AccountChange & { resetPassword?: true | undefined; subject?: string | null | undefined },
  password: ChosenPassword = null,
): Promise<Made> {
  const linked = typeof subject === 'string' ? subjectOf(issuer, subject) : null;
  const oneTimePassword = resetPassword && !password ? newOneTimePassword() : null;
  const text = password?.chosen ?? oneTimePassword;
  if (password) refuseWeak(password.chosen, name);
  const kept = text === null ? null : await hashing.inTurn(({ keep }) => keep(text));
  const account = await transactions.write(async (transaction) => {
    const outcome = await changeAccount(
      transaction,
      name,
      { ...change, ...(subject === null ? { unlink: true } : {}) },
      { subject: linked, password: kept, oneTime: oneTimePassword !== null },
    );
    if (outcome !== 'changed') throw refusals[outcome](name, change.commune ?? null);
    return (await listAccounts(transaction, name))[0]!;
  });
  return { account: accountFrom(account), oneTimePassword };
}

export async function signOutAccount(
  { transactions }: Pick<Keeping, 'transactions'>,
  name: string,
): Promise<{ account: Account; endedSessions: number }> {
  return transactions.write(async (transaction) => {
    const endedSessions = await endSessionsOf(transaction, name);
    const [row] = await listAccounts(transaction, name);
    if (!row) throw refusals['unknown-account'](name);
    return { account: accountFrom(row), endedSessions };
  });
}

export const accountFrom = (row: AccountRow): Account => ({
  account: row.account,
  role: row.role,
  commune: row.commune,
  communeName: row.commune_name,
  demo: row.demo,
  hasPassword: row.has_password,
  singleSignOn: row.single_sign_on,
  mustChangePassword: row.must_change_password,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  sessions: row.sessions,
  tokens: row.tokens,
  slowed: row.slowed,
});

function subjectOf(issuer: string | null, subject: string): Buffer {
  if (issuer) return hashOfSubject(issuer, subject);
  throw new ProblemError(409, 'There is no single sign-on here', {
    where: 'body subject',
    detail: 'the server was started without OIDC_ISSUER',
    remedy: 'Set it up first (docs/operations.md), or make an account with a password.',
  });
}

function refuseWeak(password: string, account: string): void {
  const fault = passwordFault(password, account, 'password');
  if (fault)
    throw new ProblemError(422, 'The password is not taken', {
      where: 'password',
      detail: `expected ${fault.message.en}`,
      remedy: 'Choose another.',
      faults: [fault],
    });
}

const refusals = {
  'name-taken': (account: string) =>
    new ProblemError(409, 'There is such an account already', {
      where: 'body account',
      detail: `${account} exists; a name is never given twice, since what an account did is written down by it`,
      remedy: 'Open the account again if it was closed, or take another name.',
    }),
  'unknown-account': (account: string) =>
    new ProblemError(404, 'There is no such account', {
      where: 'path account',
      detail: `no account is called ${account}`,
      remedy: 'See the list of accounts.',
    }),
  'demo-account': (account: string) =>
    new ProblemError(409, 'An account of the demo stays as it is', {
      where: 'path account',
      detail: `${account} belongs to the demo mode, and goes with it`,
      remedy: 'Make an account of your own.',
    }),
  'unknown-commune': (_account: string, commune: string | null = null) =>
    new ProblemError(422, 'There is no such commune', {
      where: 'body commune',
      detail: `no commune has the code ${commune}`,
      remedy: 'Import the communes first, or correct the code.',
    }),
  'needs-commune': (account: string) =>
    new ProblemError(422, 'The account needs a commune', {
      where: 'body commune',
      detail: `the role commune is for one commune, and ${account} has none`,
      remedy: 'Name its commune.',
    }),
  'subject-taken': () =>
    new ProblemError(409, 'Another account is linked to that subject', {
      where: 'body subject',
      remedy: 'Unlink the other account first.',
    }),
  'last-admin': (account: string) =>
    new ProblemError(409, 'The last admin stays', {
      where: 'path account',
      detail: `without ${account} nobody could keep accounts any more`,
      remedy: 'Make another admin first.',
    }),
} satisfies Record<string, (account: string, commune?: string | null) => ProblemError>;
