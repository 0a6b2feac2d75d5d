/**
 * What lies nearest to a point on the screen, within so many pixels of it; null when nothing does.
 *
 * @param shown where each candidate is drawn, in pixels.
 */
export function nearestWithin<Item>(
  point: { x: number; y: number },
  shown: readonly { item: Item; x: number; y: number }[],
  pixels: number,
): Item | null {
  let nearest: Item | null = null;
  let least = pixels ** 2;
  for (const { item, x, y } of shown) {
    const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = item;
    }
  }
  return nearest;
}
