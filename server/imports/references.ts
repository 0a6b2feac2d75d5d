import { createHash } from 'node:crypto';
import type { ImportKind, InputByKind } from './kinds.ts';

/** What tells two activities without a number of their own apart; counts that may be corrected later are no part of it. */
const identifyingFacts: Partial<Record<ImportKind, (input: never) => unknown[]>> = {
  outreach: ({ heldOn, form, audience, communeCode, place }: InputByKind['outreach']) => [
    heldOn,
    form,
    audience,
    communeCode,
    place,
  ],
  inspections: ({ inspectedOn, licenseNumber, teamLevel, ground }: InputByKind['inspections']) => [
    inspectedOn,
    licenseNumber,
    teamLevel,
    ground,
  ],
  reports: ({ receivedOn, communeCode, h3Cell }: InputByKind['reports']) => [receivedOn, communeCode, h3Cell],
  training: ({ heldOn, unit, communeCode }: InputByKind['training']) => [heldOn, unit, communeCode],
  'press-items': ({ publishedOn, outletLevel, communeCode }: InputByKind['press-items']) => [
    publishedOn,
    outletLevel,
    // so that those of before, when items had no commune, keep theirs
    ...(communeCode === null ? [] : [communeCode]),
  ],
};

/**
 * Gives activities their reference: the source's own, or else one made from what identifies them and their place among
 * equals, so that the same file brings the same references again.
 */
export function withReferences<Kind extends ImportKind>(
  kind: Kind,
  input: InputByKind[Kind],
  own: string | null,
  ordinals: Map<string, number>,
): InputByKind[Kind] {
  const facts = identifyingFacts[kind] as ((input: InputByKind[Kind]) => unknown[]) | undefined;
  if (!facts) return input;
  if (own !== null) return { ...input, reference: own };
  const identity = JSON.stringify(facts(input));
  const ordinal = (ordinals.get(identity) ?? 0) + 1;
  ordinals.set(identity, ordinal);
  const hash = createHash('sha256').update(`${kind} ${identity} ${ordinal}`).digest('hex').slice(0, 20);
  return { ...input, reference: `auto-${hash}` };
}
