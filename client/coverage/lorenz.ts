/**
 * The share that falls on the lower half of a Lorenz curve, read off between its points; null where there is none.
 *
 * @param curve from (0, 0) to (1, 1), across never falling.
 */
export function belowHalf(curve: readonly (readonly [number, number])[]): number | null {
  const after = curve.findIndex(([across]) => across >= 0.5);
  if (after < 0) return null;
  const [x1, y1] = curve[after]!;
  const [x0, y0] = curve[after - 1] ?? [x1, y1];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (0.5 - x0)) / (x1 - x0);
}
