import { distance, type PlanePoint, ringArea } from './plane.ts';
import { type PowerDiagram, powerDiagram, type Site } from './power-diagram.ts';

/**
 * Finds the weights at which the first `targets.length` cells have the target areas (m²), the other sites keeping
 * weight 0: damped Newton steps on the concave dual of semi-discrete optimal transport, whose Hessian is
 * ∂area_i/∂weight_j = −(length of the common side)/(2 · distance of the sites) (Kitagawa, Mérigot & Thibert 2019,
 * "Convergence of a Newton algorithm for semi-discrete optimal transport", JEMS 21(9)).
 *
 * Steps are halved until no cell is empty and the greatest error has shrunk. Throws when it does not come within
 * `toleranceSquareMeters` in 60 steps, or when a cell is empty to begin with.
 * Returns the sites with their new weights.
 */
export function fitAreas(
  sites: readonly Site[],
  domain: readonly PlanePoint[],
  targets: readonly number[],
  toleranceSquareMeters: number,
): Site[] {
  let current = [...sites];
  let diagram = powerDiagram(current, domain);
  let errors = areaErrors(diagram, targets);
  if (errors.smallest <= 0)
    throw new Error('A cell of the power diagram is empty before any weight was moved.');
  for (let step = 0; step < 60; step++) {
    if (errors.greatest <= toleranceSquareMeters) return current;
    const move = solve(hessian(current, diagram, targets.length), errors.values);
    for (let share = 1; ; share /= 2) {
      if (share < 1e-6) throw new Error(`The areas cannot be met: still off by ${errors.greatest} m².`);
      const tried = current.map((site, k) =>
        k < targets.length ? { point: site.point, weight: site.weight + share * move[k]! } : site,
      );
      const triedDiagram = powerDiagram(tried, domain);
      const triedErrors = areaErrors(triedDiagram, targets);
      if (triedErrors.smallest > 0 && triedErrors.norm <= (1 - share / 2) * errors.norm) {
        current = tried;
        diagram = triedDiagram;
        errors = triedErrors;
        break;
      }
    }
  }
  throw new Error(`The areas were not met in 60 steps: still off by ${errors.greatest} m².`);
}

function areaErrors(diagram: PowerDiagram, targets: readonly number[]) {
  let smallest = Number.POSITIVE_INFINITY;
  const values = targets.map((target, k) => {
    const area = ringArea(diagram.cells[k]!.map((side) => diagram.corners.get(side.from)!));
    smallest = Math.min(smallest, area);
    return target - area;
  });
  return {
    values,
    smallest,
    greatest: Math.max(...values.map(Math.abs)),
    norm: Math.hypot(...values),
  };
}

function hessian(sites: readonly Site[], diagram: PowerDiagram, size: number): Float64Array[] {
  const rows = Array.from({ length: size }, () => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    for (const side of diagram.cells[i]!) {
      if (side.beyond < 0) continue;
      const length = distance(diagram.corners.get(side.from)!, diagram.corners.get(side.to)!);
      const rate = length / (2 * distance(sites[i]!.point, sites[side.beyond]!.point));
      rows[i]![i]! += rate;
      if (side.beyond < size) rows[i]![side.beyond]! -= rate;
    }
  }
  return rows;
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: Float64Array[], rightHandSide: readonly number[]): number[] {
  const size = matrix.length;
  const rows = matrix.map((row, k) => Float64Array.of(...row, rightHandSide[k]!));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let r = column + 1; r < size; r++) {
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    for (let r = column + 1; r < size; r++) {
      const factor = rows[r]![column]! / top[column]!;
      if (factor === 0) continue;
      for (let c = column; c <= size; c++) rows[r]![c]! -= factor * top[c]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let r = size - 1; r >= 0; r--) {
    let sum = rows[r]![size]!;
    for (let c = r + 1; c < size; c++) sum -= rows[r]![c]! * solution[c]!;
    solution[r] = sum / rows[r]![r]!;
  }
  return solution;
}
