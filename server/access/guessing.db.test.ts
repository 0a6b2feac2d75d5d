import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { listAccounts } from './account-queries.ts';
import {
  appWithSignIn,
  goodPassword,
  insertAccount,
  newAccountName,
  signedIn,
} from './testing/signing-in.ts';

// The database counts wrong tries by its own clock: what happens after a while is tried by moving what was counted into the past.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.write((transaction) => transaction.execute(sql`delete from sign_in_failures`)));
afterAll(() => db.close());

const behindProxy = { trustedProxies: ['127.0.0.1', '::1'] };
/** A try from an address; the app stands behind a proxy that tells it. */
const tryFrom = async (address: string, account: string, password: string, cookie = '') => {
  const { status, headers, body } = await request(appWithSignIn(db, { config: behindProxy }))
    .post('/api/session')
    .set({ 'X-Forwarded-For': address, ...(cookie && { Cookie: cookie }) })
    .send({ account, password });
  return {
    status,
    retryAfter: headers['retry-after'] === undefined ? null : Number(headers['retry-after']),
    body,
  };
};
const wrong = (address: string, account: string, cookie?: string) =>
  tryFrom(address, account, 'không phải mật khẩu', cookie);
const pass = (seconds: number) =>
  db.write((transaction) =>
    transaction.execute(
      sql`update sign_in_failures set counted_at = counted_at - make_interval(secs => ${seconds})`,
    ),
  );

/** Tries until it is told to wait. Gives how many were answered, and the seconds. */
async function untilSlowed(attempt: () => ReturnType<typeof wrong>, most = 60) {
  for (let answered = 0; answered < most; answered += 1) {
    const { status, retryAfter } = await attempt();
    if (status === 429) return { answered, retryAfter };
    expect(status).toBe(401);
  }
  return { answered: most, retryAfter: null };
}

/** Some of a wait goes by while a slow machine asks. */
function expectAbout(wait: number | null, seconds: number): void {
  expect(wait).toBeLessThanOrEqual(seconds);
  expect(wait).toBeGreaterThan(seconds - 4);
}

describe('guessing at an account from one address', () => {
  it('is answered five times, then twice as late each time, up to a quarter of an hour', async () => {
    const account = await insertAccount(db, newAccountName());
    const { answered } = await untilSlowed(() => wrong('10.0.0.1', account));
    expect(answered).toBe(5);
    const waits: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { retryAfter } = await wrong('10.0.0.1', account);
      waits.push(retryAfter!);
      await pass(retryAfter!);
      expect((await wrong('10.0.0.1', account)).status).toBe(401);
    }
    // In 900 seconds one try is forgiven: after 5 + 10 + … + 320 = 635 of them none yet, after 640 more one.
    const expected = [5, 10, 20, 40, 80, 160, 320, 640, 640, 640];
    for (const [round, wait] of waits.entries()) expectAbout(wait, expected[round]!);
  });

  it('is no use while one waits, not even with the right password, and no longer wait comes of asking', async () => {
    const account = await insertAccount(db, newAccountName());
    await untilSlowed(() => wrong('10.0.0.1', account));
    // four tries later: 80 seconds
    await db.write((transaction) => transaction.execute(sql`update sign_in_failures set tries = tries + 4`));
    for (let hasty = 0; hasty < 10; hasty += 1) {
      const { status, retryAfter } = await tryFrom('10.0.0.1', account, goodPassword);
      expect(status).toBe(429);
      expect(retryAfter).toBeGreaterThan(40);
      expect(retryAfter).toBeLessThanOrEqual(80);
    }
    await pass(80);
    expect((await tryFrom('10.0.0.1', account, goodPassword)).status).toBe(200);
    // forgotten with the right password
    expect(await untilSlowed(() => wrong('10.0.0.1', account))).toMatchObject({ answered: 5 });
  });

  it('says the same of an account that is not there', async () => {
    const there = await insertAccount(db, newAccountName());
    const answers: Awaited<ReturnType<typeof wrong>>[][] = [];
    for (const account of [there, newAccountName()]) {
      const given = [];
      for (let attempt = 0; attempt < 7; attempt += 1) given.push(await wrong('10.0.0.1', account));
      answers.push(given);
    }
    const withoutSeconds = (given: (typeof answers)[number]) =>
      given.map(({ status, body }) => ({ status, title: body.title, remedy: body.remedy }));
    expect(answers[0]!.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(withoutSeconds(answers[1]!)).toEqual(withoutSeconds(answers[0]!));
  });

  it('is counted also when a hundred come at once', async () => {
    const account = await insertAccount(db, newAccountName());
    const app = appWithSignIn(db, { config: behindProxy });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { status } = await request(app)
          .post('/api/session')
          .set('X-Forwarded-For', '10.0.0.1')
          .send({ account, password: 'không phải mật khẩu' });
        return status;
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  });
});

describe('the colleague whose account is guessed at', () => {
  it('signs in from another address', async () => {
    const account = await insertAccount(db, newAccountName());
    await untilSlowed(() => wrong('10.0.0.1', account));
    expect((await tryFrom('10.0.0.2', account, goodPassword)).status).toBe(200);
  });

  it('signs in from the same address in a browser that the account knows', async () => {
    const account = await insertAccount(db, newAccountName());
    const cookie = await signedIn(appWithSignIn(db), account);
    await untilSlowed(() => wrong('10.0.0.1', account));
    expect((await tryFrom('10.0.0.1', account, goodPassword)).status).toBe(429);
    expect((await tryFrom('10.0.0.1', account, goodPassword, cookie)).status).toBe(200);
  });

  it('signs in from an address that did nothing, while many addresses guess', async () => {
    const account = await insertAccount(db, newAccountName());
    // 40 tries from 20 addresses, two from each
    let refused = 0;
    for (let address = 1; address <= 20; address += 1)
      for (let attempt = 0; attempt < 2; attempt += 1)
        if ((await wrong(`10.0.1.${address}`, account)).status === 429) refused += 1;
    // the account's own counter holds up each second try of an address, from the twentieth of all on
    expect(refused).toBe(10);
    const [listed] = await db.read((transaction) => listAccounts(transaction, account));
    expect(listed).toMatchObject({ slowed: true });
    expect((await tryFrom('10.0.9.9', account, goodPassword)).status).toBe(200);
  });

  it('has a browser whose own wrong tries are counted too, and which nobody else can carry off for long', async () => {
    const account = await insertAccount(db, newAccountName());
    const cookie = await signedIn(appWithSignIn(db), account);
    expect(await untilSlowed(() => wrong('10.0.0.1', account, cookie))).toMatchObject({ answered: 5 });
    await pass(5);
    expect((await tryFrom('10.0.0.1', account, goodPassword, cookie)).status).toBe(200);
    // It has another name now: a copy of the former one is as good as none.
    await untilSlowed(() => wrong('10.0.0.3', account, cookie));
    expect((await tryFrom('10.0.0.3', account, goodPassword, cookie)).status).toBe(429);
    const other = await insertAccount(db, newAccountName());
    const others = await signedIn(appWithSignIn(db), other);
    expect((await tryFrom('10.0.0.3', account, goodPassword, others)).status).toBe(429);
  });
});

describe('one address that tries many accounts', () => {
  it('is slowed, whatever account it names, and one of its own does not clear it', async () => {
    const own = await insertAccount(db, newAccountName());
    let answered = 0;
    for (; answered < 60; answered += 1) {
      if (answered % 10 === 9) expect((await tryFrom('10.0.0.1', own, goodPassword)).status).toBe(200);
      if ((await wrong('10.0.0.1', newAccountName())).status === 429) break;
    }
    expect(answered).toBe(30);
    expectAbout((await wrong('10.0.0.1', newAccountName())).retryAfter, 5);
    expect((await wrong('10.0.0.2', newAccountName())).status).toBe(401);
  });
});

it('a computer with as many addresses of version 6 as it likes is one address', async () => {
  let number = 0;
  const slowed = await untilSlowed(() => {
    number += 1;
    return wrong(`2001:db8:0:7::${number.toString(16)}`, newAccountName());
  });
  expect(slowed.answered).toBe(30);
  expect((await wrong('2001:db8:0:8::1', newAccountName())).status).toBe(401);
  expect((await wrong('fe80::1%eth0', newAccountName())).status).toBe(401);
});

it('a proxy that is not trusted by name tells nothing', async () => {
  const account = await insertAccount(db, newAccountName());
  const app = appWithSignIn(db);
  const statuses: number[] = [];
  for (let address = 1; address <= 7; address += 1) {
    const { status } = await request(app)
      .post('/api/session')
      .set('X-Forwarded-For', `10.0.0.${address}`)
      .send({ account, password: 'không phải mật khẩu' });
    statuses.push(status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
});

it('no password, and nothing that was typed, is stored', async () => {
  const account = await insertAccount(db, newAccountName());
  const typed = 'mật khẩu gõ nhầm vào ô tài khoản';
  await tryFrom('10.0.0.1', typed, 'không phải mật khẩu');
  await tryFrom('10.0.0.1', account, 'không phải mật khẩu');
  await tryFrom('10.0.0.1', account, goodPassword);
  const texts = await db.read((transaction) =>
    transaction.rows(
      z.object({ text: z.string() }),
      sql`select row_to_json(a)::text as text from accounts a union all select row_to_json(s)::text from sessions s
          union all select row_to_json(f)::text from sign_in_failures f union all select row_to_json(l)::text from audit_log l`,
    ),
  );
  expect(texts.length).toBeGreaterThan(5);
  for (const { text } of texts) {
    expect(text).not.toContain(typed);
    expect(text).not.toContain('không phải');
    expect(text).not.toContain(goodPassword);
  }
});

it('what happens at the sign-in is on the audit log', async () => {
  const account = await insertAccount(db, newAccountName());
  await untilSlowed(() => wrong('10.0.5.1', account));
  await tryFrom('10.0.5.2', account, goodPassword);
  const lines = await db.read((transaction) =>
    transaction.rows(
      z.object({ event: z.string(), address: z.string().nullable(), facts: z.unknown() }),
      sql`select event, address, facts from audit_log where facts ->> 'account' = ${account} order by id`,
    ),
  );
  const refused = {
    event: 'sign-in-refused',
    address: '10.0.5.1',
    facts: { account, reason: 'wrong password' },
  };
  expect(lines).toEqual([
    {
      event: 'account-made',
      address: null,
      facts: { account, accountRole: 'planner', singleSignOn: false },
    },
    ...Array(4).fill(refused),
    { event: 'sign-in-slowed', address: '10.0.5.1', facts: { account } },
    refused,
    { event: 'signed-in', address: '10.0.5.2', facts: { account, way: 'password' } },
  ]);
});
