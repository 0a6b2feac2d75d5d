import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform } from '../hotspots/random.ts';
import { fitAreas } from './area-fitting.ts';
import { type PlanePoint, ringArea } from './plane.ts';
import { type PowerDiagram, powerDiagram, type Site } from './power-diagram.ts';

const square: PlanePoint[] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const areaOf = (diagram: PowerDiagram, cell: number): number =>
  ringArea(diagram.cells[cell]!.map(({ from }) => diagram.corners.get(from)!));

function scatteredSites(count: number): Site[] {
  const random = createRandom(4);
  return Array.from({ length: count }, () => ({
    point: [10 * nextUniform(random), 10 * nextUniform(random)] as PlanePoint,
    weight: nextUniform(random),
  }));
}

describe('power diagram', () => {
  it('parts two sites where their power distances are equal', () => {
    // (x − 2)² − 12 = (x − 8)² gives 12x = 72, x = 6: the heavier site has 60 of the 100.
    const diagram = powerDiagram(
      [
        { point: [2, 5], weight: 12 },
        { point: [8, 5], weight: 0 },
      ],
      square,
    );
    expect(areaOf(diagram, 0)).toBeCloseTo(60, 10);
    expect(areaOf(diagram, 1)).toBeCloseTo(40, 10);
  });

  it('leaves an overpowered site without a cell', () => {
    // The axis (x − 2)² − 1000 = (x − 8)² lies at x = 88⅓, far beyond the square.
    const diagram = powerDiagram(
      [
        { point: [2, 5], weight: 1000 },
        { point: [8, 5], weight: 0 },
      ],
      square,
    );
    expect(diagram.cells[1]).toEqual([]);
    expect(areaOf(diagram, 0)).toBeCloseTo(100, 10);
  });

  it('covers the domain, and each inner side is the other way round in the cell beyond', () => {
    const diagram = powerDiagram(scatteredSites(80), square);
    const total = diagram.cells.reduce((sum, _, cell) => sum + areaOf(diagram, cell), 0);
    expect(total).toBeCloseTo(100, 9);
    diagram.cells.forEach((sides, cell) => {
      for (const { from, to, beyond } of sides) {
        if (beyond < 0) continue;
        expect(diagram.cells[beyond]).toContainEqual({ from: to, to: from, beyond: cell });
      }
    });
  });
});

describe('area fitting', () => {
  it('finds the weights that give each cell its area, the free sites taking the rest', () => {
    const sites = scatteredSites(30).map(({ point }) => ({ point, weight: 0 }));
    const targets = Array.from({ length: 20 }, (_, k) => 2 + (k % 5) / 2);
    const diagram = powerDiagram(fitAreas(sites, square, targets, 1e-6), square);
    targets.forEach((target, k) => {
      expect(Math.abs(areaOf(diagram, k) - target)).toBeLessThanOrEqual(1e-6);
    });
  });

  it('refuses sites of which one has no cell', () => {
    const sites: Site[] = [
      { point: [2, 5], weight: 1000 },
      { point: [8, 5], weight: 0 },
    ];
    expect(() => fitAreas(sites, square, [50, 50], 1e-6)).toThrow(/empty/);
  });
});
