import type { Database } from '../db/database.ts';
import { readDataVersion } from '../http/versioned.ts';

/** How long a data version is believed without asking again. */
const believedMilliseconds = 1000;

export type KnownDataVersion = {
  current(): Promise<number>;
  /** The same where it is known without waiting, null where it is not. */
  now(): number | null;
};

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
): KnownDataVersion {
  type Reading = { startedAt: number; writesBefore: number; version: Promise<number>; read: number | null };
  let latest: Reading | null = null;
  const believed = () =>
    latest &&
    latest.writesBefore === db.endedWrites() &&
    monotonicMilliseconds() - latest.startedAt < believedMilliseconds
      ? latest
      : null;

  return {
    now: () => believed()?.read ?? null,
    async current() {
      const known = believed();
      if (known) return known.version;
      const reading: Reading = {
        startedAt: monotonicMilliseconds(),
        writesBefore: db.endedWrites(),
        version: db.read(readDataVersion),
        read: null,
      };
      latest = reading;
      reading.version.then(
        (version) => {
          reading.read = version;
        },
        () => {
          if (latest === reading) latest = null;
        },
      );
      return reading.version;
    },
  };
}
