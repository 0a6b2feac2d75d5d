import { placeKey, resolvePlaces } from '../activities/surroundings-queries.ts';
import type { Transaction } from '../db/database.ts';
import { invalidAreas, repairArea } from './area-queries.ts';
import type { AreaShape, ImportKind, InputByKind } from './kinds.ts';
import type { RowIssue } from './row-cells.ts';

/** Sessions that name a place and no commune take the place's. */
export async function completeCommunes(
  transaction: Transaction,
  kind: ImportKind,
  batch: { line: number; input: InputByKind[ImportKind] }[],
  issues: { add(line: number, issue: RowIssue): void },
): Promise<void> {
  if (kind !== 'outreach') return;
  const open = batch.filter(({ input }) => (input as InputByKind['outreach']).communeCode === '');
  const places = await resolvePlaces(
    transaction,
    open.map(({ input }) => (input as InputByKind['outreach']).place!),
  );
  for (const { line, input } of open) {
    const record = input as InputByKind['outreach'];
    const found = places.get(placeKey(record.place!));
    if (found) record.communeCode = found.communeCode;
    else
      issues.add(line, {
        column: null,
        value: record.place!.reference,
        expected: `the reference of one of the ${record.place!.collection} in the database`,
      });
  }
}

/** Mends outlines that cross themselves, where that changes less than `largestShare` of their area, and notes each. */
export async function repairAreas(
  transaction: Transaction,
  batch: readonly { line: number; input: InputByKind[ImportKind] }[],
  largestShare: number,
  note: (text: string) => void,
  rowWord: string,
): Promise<void> {
  const placed = batch.filter(({ input }) => 'geometry' in input && input.geometry.type !== 'Point') as {
    line: number;
    input: { geometry: AreaShape };
  }[];
  const faults = await invalidAreas(
    transaction,
    placed.map(({ input }) => input.geometry),
  );
  for (const { index, reason } of faults) {
    const { line, input } = placed[index]!;
    const mended = await repairArea(transaction, input.geometry);
    if (!mended || mended.changedShare > largestShare) continue;
    input.geometry = mended.geometry;
    note(
      `${rowWord} ${line}: ${reason} mended, which changed ${(mended.changedShare * 100).toFixed(3)} % of the area`,
    );
  }
}
