import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../contract/access.ts';
import { accessPolicy } from '../../contract/access-policy.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { documentedTable } from './testing/documented-table.ts';
import { type Asked, requestOf } from './testing/matrix-requests.ts';
import { askersOf, insertPolicyProvince, otherCommune, ownCommune } from './testing/two-communes.ts';

// docs/access.md says who may ask at which address. Here every role asks at each, of its own commune, of another and of none.

const columns = [...roles, 'nobody'] as const;
const documented = documentedTable(readFileSync('docs/access.md', 'utf8'), 'address', columns);

let db: TestDatabase;
const apps = new Map<string, ReturnType<typeof makeApp>>();
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  for (const role of roles) apps.set(role, makeApp({ db, asker: askersOf[role] }));
  apps.set('nobody', makeApp({ db, asker: null }));
});
afterAll(() => db.close());

const communes = { own: ownCommune, other: otherCommune, none: null };

async function send(who: string, { method, url, body, headers = {} }: Asked) {
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  let asked = request(apps.get(who)!)[verb](url).set(headers).buffer(true).parse(asBytes);
  if (body !== undefined) asked = asked.set('Content-Type', 'application/json').send(JSON.stringify(body));
  const { status, body: bytes, type } = await asked;
  return { status, text: textOf(bytes as Buffer, type) };
}

const asBytes = (response: request.Response, done: (error: Error | null, body: Buffer) => void) => {
  const pieces: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => done(null, Buffer.concat(pieces)));
};

/** All the words of an answer: those of a document's parts too. */
function textOf(bytes: Buffer, type: string): string {
  if (!/officedocument/.test(type)) return bytes.toString('utf8');
  return Object.values(unzipSync(bytes))
    .map((part) => Buffer.from(part).toString('utf8'))
    .join('\n');
}

/** What the asker named in the address may stand in links and in the refusal. */
const withoutLinks = (text: string) => text.replaceAll(/"[^"]*[?&=/][^"]*"/g, '""');

describe('every address of the policy', () => {
  it('has a line in docs/access.md that says the same', () => {
    expect(Object.keys(documented).sort()).toEqual(Object.keys(accessPolicy).sort());
    for (const [address, line] of Object.entries(accessPolicy)) {
      const said = columns.filter((column) => documented[address]![column]);
      const allowed: string[] = line.anyone ? [...roles, 'nobody'] : [...line.roles];
      expect(said.toSorted(), address).toEqual(allowed.toSorted());
    }
  });
});

describe.each(Object.keys(accessPolicy))('%s', (address) => {
  it.each(columns)('answers %s as docs/access.md says', async (who) => {
    const said = documented[address]![who];
    for (const [name, commune] of Object.entries(communes)) {
      const asked = await requestOf(db, address, who === 'nobody' ? 'planner' : (who as Role), commune);
      if (!asked) continue;
      const { status, text } = await send(who, asked);
      const where = `${who} · ${asked.method} ${asked.url} · ${name} · ${text.slice(0, 300)}`;
      if (!said) {
        expect(status, where).toBe(who === 'nobody' ? 401 : 403);
        continue;
      }
      const elsewhere = who === 'commune' && said === 'own' && name === 'other';
      if (elsewhere && status >= 400) expect([403, 404, ...(asked.refusals ?? [])], where).toContain(status);
      else expect(asked.answers ?? [200, 201, 204], where).toContain(status);
      if (who === 'commune' && said === 'own') expect(withoutLinks(text), where).not.toContain(otherCommune);
      if (who === 'leader') expect(text, where).not.toMatch(/GP-\d{5}-/);
      if (who === 'inspector' || who === 'leader') expect(text, where).not.toMatch(/outreach-\d{5}-/);
      if (who === 'admin')
        expect(text, where).not.toMatch(/GP-\d{5}-|(outreach|inspections|reports|training)-\d{5}-/);
    }
  });
});
