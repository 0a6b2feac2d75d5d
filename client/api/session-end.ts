const listeners = new Set<() => void>();

/** Hears of every answer that says that nobody is signed in: the session ended here, elsewhere, or by its age. */
export function onNotSignedIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellNotSignedIn(): void {
  for (const listener of listeners) listener();
}
