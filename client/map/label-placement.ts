/** `below`: written beneath its place, where something else stands. */
export type Label = { text: string; x: number; y: number; below?: boolean };

/**
 * Labels that do not overlap one another, tried in the order given: what comes first is kept. A letter is taken to be
 * 0.6 of its size wide, which no name here exceeds by much.
 *
 * @param size height of the letters in the units of `x` and `y`, at which labels are centred.
 */
export function placeLabels(labels: readonly Label[], size: number): Label[] {
  const placed: (Label & { halfWidth: number })[] = [];
  for (const label of labels) {
    const halfWidth = (label.text.length * 0.6 * size) / 2;
    const free = placed.every(
      (other) =>
        Math.abs(other.x - label.x) > other.halfWidth + halfWidth || Math.abs(other.y - label.y) > size * 1.3,
    );
    if (free) placed.push({ ...label, halfWidth });
  }
  return placed.map(({ text, x, y }) => ({ text, x, y }));
}
