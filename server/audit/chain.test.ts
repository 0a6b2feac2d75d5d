import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedFilters } from './asked-filters.ts';
import { beginning, checkChain, checkHead, hashOf, readKeptHead, writeHead } from './chain.ts';
import { csvHead, csvLine } from './export.ts';
import { auditSentence } from './line-sentences.ts';
import type { SealedRow } from './queries.ts';
import { shownLine } from './shown-line.ts';

// A log in memory: what each line says, by its number, and the seals over them.
type Log = { said: Map<number, string>; seals: Omit<SealedRow, 'entry' | 'contentWhole'>[] };

const entryOf = (log: Log, line: number, position: number, previous: string): string | null => {
  const said = log.said.get(line);
  return said === undefined ? null : JSON.stringify({ position, previous, said });
};

function sealed(texts: readonly string[]): Log {
  const log: Log = { said: new Map(texts.map((text, index) => [100 + index, text])), seals: [] };
  let previous = beginning;
  for (const [index] of texts.entries()) {
    const [position, line] = [index + 1, 100 + index];
    const hash = hashOf(entryOf(log, line, position, previous)!);
    log.seals.push({ position, line, previous, hash });
    previous = hash;
  }
  return log;
}

async function check(log: Log, pageLines = 3) {
  const rows = log.seals
    .toSorted((a, b) => a.position - b.position)
    .map((seal) => ({
      ...seal,
      entry: entryOf(log, seal.line, seal.position, seal.previous),
      contentWhole: true,
    }));
  async function* pages() {
    for (let from = 0; from < rows.length; from += pageLines) yield rows.slice(from, from + pageLines);
  }
  return checkChain(pages(), async (line, position, previous) => entryOf(log, line, position, previous));
}

const texts = fc.array(fc.string({ maxLength: 8 }), { minLength: 4, maxLength: 30 });

describe('a chain', () => {
  it('that nobody touched is in order, whatever its lines say', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async (said, pageLines) => {
        const log = sealed(said);
        const report = await check(log, pageLines);
        expect(report.faults).toEqual([]);
        expect(report.head).toEqual({ position: said.length, hash: log.seals.at(-1)!.hash });
      }),
      { seed: 7, numRuns: 100 },
    );
    expect(await check(sealed([]))).toEqual({ lines: 0, head: null, faults: [] });
  });

  it('shows any one change, at the first place that it touches', async () => {
    const changes = {
      altered: (log: Log, at: number) => log.said.set(log.seals[at]!.line, 'quite another thing'),
      removed: (log: Log, at: number) => log.said.delete(log.seals[at]!.line),
      'seal-altered': (log: Log, at: number) => {
        log.seals[at]!.hash = hashOf('another');
      },
    } as const;
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.nat(),
        fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
        async (said, where, kind) => {
          const log = sealed(said);
          // the last seal has no line behind it that would tell a changed seal from a changed line
          const at = where % (said.length - 1);
          changes[kind](log, at);
          const { faults } = await check(log);
          expect(faults.map((fault) => [fault.kind, fault.position])).toEqual([[kind, at + 1]]);
        },
      ),
      { seed: 8, numRuns: 200 },
    );
  });

  it('shows lines that changed places, unless they say the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ maxLength: 8 }), { minLength: 4, maxLength: 30 }),
        fc.nat(),
        fc.nat(),
        async (said, first, second) => {
          const log = sealed(said);
          const [a, b] = [first % said.length, second % said.length];
          fc.pre(a !== b);
          const [one, other] = [log.seals[a]!, log.seals[b]!];
          [one.line, other.line] = [other.line, one.line];
          const { faults } = await check(log);
          expect(faults.map(({ kind, position }) => [kind, position])).toEqual(
            [Math.min(a, b), Math.max(a, b)].map((index) => ['reordered', index + 1]),
          );
        },
      ),
      { seed: 9, numRuns: 100 },
    );
  });

  it('shows seals that are gone from the front and the middle', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.integer({ min: 1, max: 3 }), async (said, where, count) => {
        const log = sealed(said);
        const at = where % Math.max(1, said.length - count);
        log.seals.splice(at, count);
        const { faults } = await check(log);
        expect(faults[0]).toMatchObject({ kind: 'removed', position: at + 1 });
        expect(faults).toHaveLength(1);
      }),
      { seed: 10, numRuns: 100 },
    );
  });

  it('of two thousand lines that were all altered is told of without trying each against each', async () => {
    const log = sealed(Array.from({ length: 2000 }, (_, index) => `${index}`));
    for (const line of log.said.keys()) log.said.set(line, 'x');
    const { faults } = await check(log, 500);
    expect(faults[0]).toMatchObject({ kind: 'altered', position: 1 });
    expect(faults).toHaveLength(200);
  });
});

describe('a head that was kept', () => {
  const head = { position: 12, hash: 'ab'.repeat(32) };

  it('is read as it is written, or as the hash alone', () => {
    expect(readKeptHead(writeHead(head))).toEqual(head);
    expect(readKeptHead(` ${head.hash.toUpperCase()}\n`)).toEqual({ position: null, hash: head.hash });
    for (const wrong of ['', '12', '12:', `12:${'a'.repeat(63)}`, `x:${head.hash}`, `${head.hash}:12`])
      expect(readKeptHead(wrong)).toBeNull();
  });

  it('must stand where it stood', () => {
    expect(checkHead(head, 12, { position: 40, hash: 'c' })).toBeNull();
    expect(checkHead({ ...head, position: null }, 12, head)).toBeNull();
    expect(checkHead(head, 11, { position: 40, hash: 'c' })).toMatchObject({ kind: 'cut', position: 12 });
    expect(checkHead(head, null, { position: 9, hash: 'c' })).toMatchObject({ kind: 'cut', position: 10 });
    expect(checkHead(head, null, null)).toMatchObject({ kind: 'cut', position: 1 });
  });
});

describe('what is kept of a request', () => {
  const of = (query: Record<string, unknown>, params: Record<string, string> = {}) =>
    askedFilters({ query: query as never, params });

  it('is its parameters, those of the path before those of the query', () => {
    expect(of({ limit: '10', id: 'x' }, { id: '7' })).toEqual({ limit: '10', id: '7' });
  });

  it('is neither what one typed, nor long, nor more than the database takes', () => {
    expect(of({ text: 'Nguyễn Văn A' })).toEqual({ text: '(12)' });
    expect(of({ a: 'x'.repeat(1000) })).toEqual({ a: 'x'.repeat(120) });
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index}`.padEnd(90, '\x01'), '\x01'.repeat(1000)]),
    );
    expect(JSON.stringify(of(many)).length).toBeLessThan(20_000);
    expect(of({ 'n\0': 'a\0b\ud800' })).toEqual({ 'n\ufffd': 'a\ufffdb\ufffd' });
    expect(of({ a: ['1', '2'] })).toEqual({ a: '1 2' });
  });
});

describe('a line in words', () => {
  const line = {
    event: '',
    account: 'xa-1',
    role: 'commune',
    endpoint: null,
    filters: null,
    rows: null,
    change: null,
    facts: null,
  };

  it('says what was changed', () => {
    expect(
      auditSentence({
        ...line,
        event: 'activity-corrected',
        change: { kind: 'reports', id: 12, version: 3, fields: ['h3_cell', 'status'] },
      }),
    ).toEqual({
      vi: 'Tài khoản xa-1 (cấp xã) sửa tin báo số 12 (phiên bản 3): ô bản đồ, tình trạng.',
      en: 'The account xa-1 (commune) corrected report 12 (version 3): map cell, status.',
    });
  });

  it('says what was imported', () => {
    const facts = {
      imports: [{ source: 'co-so.csv', rows: 4000 }],
      tables: { establishments: { insert: 3990, update: 1010 } },
    };
    expect(auditSentence({ ...line, role: 'owner', event: 'imported', facts }).vi).toBe(
      'Người giữ máy chủ nhập tệp co-so.csv: 5.000 dòng thay đổi.',
    );
  });

  it('names the account of a sign-in, and whose account an admin changed', () => {
    const facts = { account: 'xa-1' };
    expect(auditSentence({ ...line, role: 'visitor', account: null, event: 'signed-in', facts }).vi).toBe(
      'Tài khoản xa-1 đăng nhập.',
    );
    expect(
      auditSentence({ ...line, role: 'admin', account: 'quan-tri', event: 'password-changed', facts }).vi,
    ).toBe('Tài khoản quan-tri (quản trị) đổi mật khẩu của xa-1.');
  });

  it('of an event that a later release writes is still a line', () => {
    expect(auditSentence({ ...line, event: 'something-new' }).en).toBe(
      'The account xa-1 (commune) did: something-new.',
    );
    const row = {
      id: 1,
      at: new Date(0),
      commune: null,
      address: null,
      row_count: null,
      place: null,
      hash: null,
      entry: null,
    };
    expect(shownLine({ ...line, ...row, event: 'something-new' }).kind).toBeNull();
  });

  it('runs nothing in a spreadsheet', () => {
    const row = {
      id: 1,
      at: new Date('2026-11-24T02:00:00Z'),
      commune: null,
      address: '10.0.0.1',
      row_count: 3,
      place: 5,
      hash: 'f'.repeat(64),
      entry: null,
    };
    const text = csvLine(shownLine({ ...line, ...row, event: 'signed-in', account: '=HYPERLINK("x")' }));
    expect(text).toContain(`5;2026-11-24 09:00:00;"'=HYPERLINK(""x"")";commune;;10.0.0.1;signed-in;`);
    expect(text.split(';')).toHaveLength(csvHead.split(';').length);
  });
});
