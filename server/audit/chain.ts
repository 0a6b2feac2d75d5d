import { createHash } from 'node:crypto';
import type { Head, SealedRow } from './queries.ts';

/** What the first line is sealed upon. */
export const beginning = '0'.repeat(64);

export const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export type Fault = {
  /**
   * `altered`: the line is not what was sealed. `removed`: it, or it and its seal, is gone. `inserted`: put in without being
   * sealed, or before this place. `reordered`: another line stands where this one stood. `seal-altered`: the seal itself.
   * `unsealed`: waiting for over a minute. `cut`: the end that was kept elsewhere is not in the log.
   */
  kind: 'altered' | 'removed' | 'inserted' | 'reordered' | 'seal-altered' | 'unsealed' | 'cut';
  /** Place in the chain; null for a line that has none. */
  position: number | null;
  /** The line's number; null where it is not known any more. */
  line: number | null;
  what: string;
};

export type ChainReport = { lines: number; head: Head | null; faults: Fault[] };

/** What would be hashed for a line at another place; null where there is no such line. */
export type EntryAt = (line: number, position: number, previous: string) => Promise<string | null>;

// Whoever has moved ten thousand lines is told of the first. What was done is tried out for fewer still: each against all.
const mostBroken = 200;
const mostDiagnosed = 10;

/**
 * Recomputes a hash chain from its beginning and says what is wrong with it and where. Each line's hash covers its place, the
 * hash before it and all that it says, so that any change shows at the first place it touches; what kind of change it was is
 * then tried out.
 *
 * Proves that nothing before the head was altered, removed, put in or moved since it was sealed; not that the end was not
 * cut off, nor that the whole was not written anew from some place on: for these a head that was kept elsewhere is held
 * against it (`checkHead`).
 */
export async function checkChain(
  pages: AsyncIterable<readonly SealedRow[]>,
  entryAt: EntryAt,
): Promise<ChainReport> {
  const faults: Fault[] = [];
  /** Seals that do not fit what they seal, with the hash they should have been made upon. */
  const broken: { row: SealedRow; upon: string; computed: string }[] = [];
  let lines = 0;
  let before: SealedRow | null = null;
  for await (const page of pages)
    for (const row of page) {
      lines += 1;
      const expected: number = (before?.position ?? 0) + 1;
      const upon: string = before?.hash ?? beginning;
      const contiguous = row.position === expected;
      if (!contiguous)
        faults.push({
          kind: 'removed',
          position: expected,
          line: null,
          what:
            row.position === expected + 1
              ? 'the line and its seal are gone'
              : `${row.position - expected} lines and their seals are gone, up to position ${row.position - 1}`,
        });
      const computed: string | null = row.entry === null ? null : hashOf(row.entry);
      const last = broken.at(-1);
      // A seal whose own hash was changed: the line after it was sealed upon the right one.
      if (last && last.row === before && row.previous === last.computed) {
        faults.push(sealAltered(last.row));
        broken.pop();
      } else if (contiguous && computed === row.hash && row.previous !== upon && last?.row !== before)
        faults.push({
          kind: 'altered',
          position: before?.position ?? row.position,
          line: before?.line ?? row.line,
          what: 'the line was sealed anew: the next one was made upon another hash',
        });
      if (computed === null)
        faults.push({
          kind: 'removed',
          position: row.position,
          line: row.line,
          what: 'the line is gone, its seal is left',
        });
      else if (computed !== row.hash) {
        if (broken.length < mostBroken) broken.push({ row, upon, computed });
      } else if (!row.contentWhole)
        faults.push({
          kind: 'altered',
          position: row.position,
          line: row.line,
          what: 'the values of the activity before or after are not those that were sealed',
        });
      before = row;
    }
  for (const [index, { row, upon }] of broken.entries())
    faults.push(index < mostDiagnosed ? await diagnose(row, upon, broken, entryAt) : altered(row));
  faults.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return { lines, head: before && { position: before.position, hash: before.hash }, faults };
}

/** What was done to a seal and a line that do not fit each other. */
async function diagnose(
  row: SealedRow,
  upon: string,
  broken: readonly { row: SealedRow }[],
  entryAt: EntryAt,
): Promise<Fault> {
  const { position, line, previous, hash } = row;
  const fits = async (other: number, place: number, sealedUpon: string) => {
    const entry = await entryAt(other, place, sealedUpon);
    return entry !== null && hashOf(entry) === hash;
  };
  if (previous !== upon && (await fits(line, position, upon))) return sealAltered(row);
  for (const shift of [1, 2, 3]) {
    if (position > shift && (await fits(line, position - shift, previous)))
      return {
        kind: 'inserted',
        position: position - shift,
        line: null,
        what: `${lines(shift)} put in before it`,
      };
    if (await fits(line, position + shift, previous))
      return { kind: 'removed', position, line: null, what: `${lines(shift)} taken out before it` };
  }
  for (const other of broken)
    if (other.row !== row && (await fits(other.row.line, position, previous)))
      return {
        kind: 'reordered',
        position,
        line,
        what: `line ${other.row.line} was sealed here, which stands at position ${other.row.position} now`,
      };
  return altered(row);
}

const altered = ({ position, line }: SealedRow): Fault => ({
  kind: 'altered',
  position,
  line,
  what: 'the line is not what was sealed',
});

const lines = (count: number) => (count === 1 ? 'a line was' : `${count} lines were`);

const sealAltered = ({ position, line }: SealedRow): Fault => ({
  kind: 'seal-altered',
  position,
  line,
  what: 'the line is as it was sealed, but its seal is not',
});

export type KeptHead = { position: number | null; hash: string };

/** A head as it is printed and written down: `1204:9f86d0…`, or the hash alone. */
export function readKeptHead(text: string): KeptHead | null {
  const [, position, hash] = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  return hash ? { position: position ? Number(position) : null, hash: hash.toLowerCase() } : null;
}

export const writeHead = ({ position, hash }: Head): string => `${position}:${hash}`;

/**
 * Whether the log still holds the head that was kept elsewhere. With the whole chain in order this proves that every line up
 * to it is as it was on the day that it was kept.
 *
 * @param found where its hash stands in the chain; null where it does not.
 */
export function checkHead(kept: KeptHead, found: number | null, head: Head | null): Fault | null {
  const last = head?.position ?? 0;
  if (found !== null && (kept.position === null || kept.position === found)) return null;
  const { position } = kept;
  if (position !== null && position > last)
    return {
      kind: 'cut',
      position: last + 1,
      line: null,
      what: `the log had ${position} lines when the head was kept and has ${last} now: the end was cut off`,
    };
  return {
    kind: 'cut',
    position,
    line: null,
    what:
      position === null
        ? 'no line has the hash that was kept: the end was cut off, or written anew'
        : 'another hash stands there than the one that was kept: the log was written anew from an earlier place on',
  };
}
