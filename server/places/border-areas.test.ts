import type { Position } from 'geojson';
import { expect, it } from 'vitest';
import { type EdgeLabel, labelOuterEdges } from './border-areas.ts';

const adjoining = (neighbourProvince: string): EdgeLabel => ({ kind: 'adjoining', neighbourProvince });
const coastal: EdgeLabel = { kind: 'coastal' };
const length = (lines: readonly Position[][]) =>
  lines.reduce(
    (sum, line) =>
      sum +
      line.slice(1).reduce((own, [x, y], at) => own + Math.hypot(x! - line[at]![0]!, y! - line[at]![1]!), 0),
    0,
  );

it('gives the whole edge to the only neighbour', () => {
  const lines: Position[][] = [
    [
      [0, 0],
      [5_000, 0],
    ],
  ];
  expect(labelOuterEdges([{ communeCode: '1', labels: [coastal], lines }])).toEqual([
    { communeCode: '1', label: coastal, lines },
  ]);
});

it('parts a corner commune between its two neighbours by the communes before and after it', () => {
  // The edge runs 10 km north and then 10 km east; the commune before it lies south, the one after it east.
  const corner: Position[][] = [
    [
      [0, 0],
      [0, 10_000],
      [10_000, 10_000],
    ],
  ];
  const edges = labelOuterEdges([
    {
      communeCode: '1',
      labels: [adjoining('Hà Nội')],
      lines: [
        [
          [0, -5_000],
          [0, 0],
        ],
      ],
    },
    { communeCode: '2', labels: [adjoining('Hà Nội'), adjoining('Hưng Yên')], lines: corner },
    {
      communeCode: '3',
      labels: [adjoining('Hưng Yên')],
      lines: [
        [
          [10_000, 10_000],
          [15_000, 10_000],
        ],
      ],
    },
  ]);
  const own = edges.filter(({ communeCode }) => communeCode === '2');
  expect(own.map(({ lines }) => Math.round(length(lines)))).toEqual([10_000, 10_000]);
  for (const [x] of own[0]!.lines.flat()) expect(x).toBe(0);
  for (const [, y] of own[1]!.lines.flat()) expect(y).toBe(10_000);
});

it('gives the whole edge to a neighbour that no other commune lists, and nothing without an edge', () => {
  const lines: Position[][] = [
    [
      [0, 0],
      [150, 0],
    ],
  ];
  const edges = labelOuterEdges([
    { communeCode: '1', labels: [adjoining('Hà Nội'), adjoining('Phú Thọ')], lines },
    {
      communeCode: '2',
      labels: [adjoining('Hà Nội')],
      lines: [
        [
          [-100, 0],
          [0, 0],
        ],
      ],
    },
    { communeCode: '3', labels: [adjoining('Hà Nội')], lines: [] },
  ]);
  expect(
    edges.map(({ communeCode, label, lines: found }) => [
      communeCode,
      label.kind === 'adjoining' && label.neighbourProvince,
      length(found),
    ]),
  ).toEqual([
    ['1', 'Hà Nội', 150],
    ['1', 'Phú Thọ', 150],
    ['2', 'Hà Nội', 100],
  ]);
});
