/**
 * What was typed and not sent belongs to who typed it. It stays while a session is renewed, and goes when another account
 * signs in on the same computer, and with signing out.
 */
const ownerKey = 'diaban.drafts-of';
const draftPrefix = 'diaban.activity-draft.';
const choicesKey = 'diaban.activity-choices';

export function keepDraftsOf(account: string): void {
  const storage = window.sessionStorage;
  if (storage.getItem(ownerKey) !== account) {
    const others = storage.getItem(ownerKey) !== null;
    if (others) forgetDrafts();
    storage.setItem(ownerKey, account);
  }
}

export function forgetDrafts(): void {
  const storage = window.sessionStorage;
  for (const key of Object.keys(storage)) if (key.startsWith(draftPrefix)) storage.removeItem(key);
  storage.removeItem(ownerKey);
  window.localStorage.removeItem(choicesKey);
}
