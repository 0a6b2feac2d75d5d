const listeners = new Set<() => void>();

/**
 * Hears of every answer that refuses who asks (401, 403): the session ended here, elsewhere or by its age, or another
 * account signed in in another window.
 */
export function onRefused(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellRefused(): void {
  for (const listener of listeners) listener();
}
