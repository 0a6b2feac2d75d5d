import type { Database } from '../db/database.ts';
import { readDataVersion } from '../http/versioned.ts';

/** How long a data version is believed without asking again. */
const believedMilliseconds = 1000;

/**
 * The data version without a read for every request: a cached tile would otherwise cost a transaction. It is believed
 * for a second at most, which is how late a write of another process (an import from the command line, a second server)
 * is seen; a write through this `db` is seen at once, because it counts its writes. LISTEN/NOTIFY would tell sooner, but
 * not on the embedded database, whose socket does not deliver it, and not while its connection is being renewed; one
 * small read a second is the same on both.
 */
export function knownDataVersion(
  db: Database,
  monotonicMilliseconds: () => number = () => performance.now(),
): () => Promise<number> {
  type Reading = { startedAt: number; writesBefore: number; version: Promise<number> };
  let latest: Reading | null = null;

  return async () => {
    const now = monotonicMilliseconds();
    const writes = db.endedWrites();
    if (latest && latest.writesBefore === writes && now - latest.startedAt < believedMilliseconds)
      return latest.version;
    const reading: Reading = {
      startedAt: now,
      writesBefore: writes,
      version: db.read(readDataVersion),
    };
    latest = reading;
    reading.version.catch(() => {
      if (latest === reading) latest = null;
    });
    return reading.version;
  };
}
