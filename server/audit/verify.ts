import type { Database, Transaction } from '../db/database.ts';
import { type ChainReport, checkChain, checkHead, type KeptHead } from './chain.ts';
import { readEntryAt, readLoose, readSealed, type SealedRow, sealLines } from './queries.ts';

const pageLines = 5000;

/** Seals what waits, all of it, in transactions of its own. */
export async function sealAll(db: Pick<Database, 'write'>): Promise<number> {
  let sealed = 0;
  for (;;) {
    const now = await db.write(sealLines);
    if (now === 0) return sealed;
    sealed += now;
  }
}

/**
 * Checks the whole log, with the rights of who owns its tables: one snapshot, in pages. What was written within the last
 * minute and is not sealed is no fault.
 *
 * @param kept the head of an earlier day, kept elsewhere.
 */
export const verifyAuditLog = (
  db: Pick<Database, 'read'>,
  kept: KeptHead | null = null,
): Promise<ChainReport> =>
  db.read(async (transaction) => {
    let keptAt: number | null = null;
    const report = await checkChain(
      sealedPages(transaction, (row) => {
        if (row.hash === kept?.hash) keptAt = row.position;
      }),
      (line, position, previous) => readEntryAt(transaction, line, position, previous),
    );
    for (const { id, event, waiting } of await readLoose(transaction))
      report.faults.push({
        kind: waiting ? 'unsealed' : 'inserted',
        position: null,
        line: id,
        what: waiting
          ? `the line (${event}) waits to be sealed for more than a minute: does the server run?`
          : `the line (${event}) was put in without being sealed`,
      });
    const cut = kept && checkHead(kept, keptAt, report.head);
    return cut ? { ...report, faults: [...report.faults, cut] } : report;
  });

async function* sealedPages(
  transaction: Transaction,
  see: (row: SealedRow) => void,
): AsyncGenerator<SealedRow[]> {
  for (let after = 0; ; ) {
    const page = await readSealed(transaction, after, pageLines);
    page.forEach(see);
    yield page;
    if (page.length < pageLines) return;
    after = page.at(-1)!.position;
  }
}
