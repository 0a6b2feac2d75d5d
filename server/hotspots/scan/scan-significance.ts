/** Worlds that tie with the observed one count against it; ties differ in the last digits. */
export function rankP(ratio: number, maxima: Float64Array): number {
  let reached = 0;
  const least = ratio - 1e-9 * Math.max(1, ratio);
  for (const maximum of maxima) if (maximum >= least) reached++;
  return (reached + 1) / (maxima.length + 1);
}

const EULER = 0.5772156649015329;

/** By moments, as SaTScan does (Abrams, Kleinman & Kulldorff 2010, Int. J. Health Geographics 9, 61). */
export function fitGumbel(maxima: Float64Array): { location: number; scale: number } | null {
  if (maxima.length < 2) return null;
  let sum = 0;
  for (const maximum of maxima) sum += maximum;
  const mean = sum / maxima.length;
  let squares = 0;
  for (const maximum of maxima) squares += (maximum - mean) ** 2;
  const scale = (Math.sqrt(squares / (maxima.length - 1)) * Math.sqrt(6)) / Math.PI;
  return scale > 0 ? { location: mean - EULER * scale, scale } : null;
}

export function gumbelP(ratio: number, gumbel: { location: number; scale: number }): number {
  return -Math.expm1(-Math.exp(-(ratio - gumbel.location) / gumbel.scale));
}
