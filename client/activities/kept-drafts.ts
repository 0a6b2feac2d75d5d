import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import type { Draft, Remembered } from './draft.ts';
import type { AnyActivity } from './use-activities.ts';

/**
 * Forms that were left with something in them, for each kind in a commune. They live as long as the tab, so that
 * closing the panel or reloading the page loses nothing, and a shared computer keeps nothing.
 */
export type KeptDraft = {
  draft: Draft;
  /** The record that is being corrected, as it was when the form was opened; null for a new one. */
  correcting: AnyActivity | null;
  /** Of the form, so that sending it once more after a reload makes no second row. */
  idempotencyKey: string;
};

/** A new record and a correction of one stand beside each other: who begins anew does not mean the old one. */
export type DraftSlot = { kind: ActivityKind; correction: boolean };

const draftKey = (communeCode: string, { kind, correction }: DraftSlot) =>
  `diaban.activity-draft.${communeCode}.${kind}${correction ? '.correction' : ''}`;
const rememberedKey = 'diaban.activity-choices';

export const readKeptDraft = (communeCode: string, slot: DraftSlot): KeptDraft | null =>
  read(window.sessionStorage, draftKey(communeCode, slot));

export const keptSlots = (communeCode: string): DraftSlot[] =>
  activityKinds
    .flatMap((kind) => [
      { kind, correction: false },
      { kind, correction: true },
    ])
    .filter((slot) => readKeptDraft(communeCode, slot) !== null);

export function keepDraft(communeCode: string, slot: DraftSlot, kept: KeptDraft | null): void {
  if (kept) write(window.sessionStorage, draftKey(communeCode, slot), kept);
  else window.sessionStorage.removeItem(draftKey(communeCode, slot));
}

/** Choices of forms that were sent, on this computer: which form of outreach, for whom. */
export const readRemembered = (): Remembered => read(window.localStorage, rememberedKey) ?? {};
export const remember = (choices: Remembered): void =>
  write(window.localStorage, rememberedKey, { ...readRemembered(), ...choices });

function read<Value>(storage: Storage, key: string): Value | null {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') as Value | null;
  } catch {
    return null;
  }
}

function write(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the convenience, not the form.
  }
}
