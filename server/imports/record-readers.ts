import { activityBuilders } from './activity-readers.ts';
import type { ImportKind } from './kinds.ts';
import { placeBuilders } from './place-readers.ts';
import { type Builder, cellsOf, type Reader, type ReadingContext } from './row-cells.ts';

const builders: { [Kind in ImportKind]: Builder<Kind> } = { ...placeBuilders, ...activityBuilders };

/** A function that turns a source's rows into records of the contract, or says everything that is wrong with each. */
export function recordReader<Kind extends ImportKind>(kind: Kind, context: ReadingContext): Reader<Kind> {
  const cellsFor = cellsOf(kind, context);
  const build = (builders[kind] as Builder<Kind>)(context);
  return (row) => {
    if (row.fault)
      return { input: null, identity: null, issues: [{ column: null, value: null, expected: row.fault }] };
    const cells = cellsFor(row);
    const { input, identity } = build(cells);
    return cells.issues.length
      ? { input: null, identity, issues: cells.issues }
      : { input: input(), identity, issues: [] };
  };
}
