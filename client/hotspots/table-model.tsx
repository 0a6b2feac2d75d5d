import { area } from '@turf/turf';
import type { MultiPolygon } from 'geojson';
import type { ReactNode } from 'react';
import type { MessageName, Translate } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import { digitsFor } from './density-bands.ts';
import { patternWords } from './describe-commune.ts';
import { pFigure } from './figures.ts';
import { classColor, classRank, colors, patternColor } from './hotspot-classes.ts';
import type { Answers } from './question.ts';
import { reasonInWords } from './reason-words.ts';
import type { Answered } from './use-analysis.ts';
import { ZLine } from './ZLine.tsx';

/**
 * `value` is what is sorted, `shown` what is read, `words` what is downloaded where that is not the value; a value of
 * null is missing and never 0.
 */
export type Cell = { value: string | number | null; shown?: ReactNode; words?: string };
export type TableModel = {
  columns: { key: string; label: MessageName; numeric: boolean }[];
  /** `code` is the commune that a row selects; null where a row is no single commune. */
  rows: { id: string; code: string | null; cells: Cell[] }[];
  order: TableOrder;
  count: string;
};
export type TableOrder = { key: string; descending: boolean };
type Words = {
  t: Translate;
  format: Formats;
  language: 'vi' | 'en';
  /** A commune in the language of the page; the answers name communes in Vietnamese. */
  nameOf: (code: string) => string;
};

/** The twin of a map: the same answer as rows. */
export function tableOf(answered: Answered, words: Words): TableModel {
  switch (answered.name) {
    case 'local':
      return localTable(answered.answer, words);
    case 'trend':
      return trendTable(answered.answer, words);
    case 'scan':
      return scanTable(answered.answer, words);
    case 'density':
      return bandTable(answered.answer, words);
    case 'relative-risk':
      return riskTable(answered.answer, words);
  }
}

const text = (key: string, label: MessageName) => ({ key, label, numeric: false });
const number = (key: string, label: MessageName) => ({ key, label, numeric: true });
const missing: Cell = { value: null };
const maybe = (value: number | null, shown: (value: number) => string): Cell =>
  value === null ? missing : { value, shown: shown(value) };
const inClass = (value: number, color: string, words: string): Cell => ({
  value,
  words,
  shown: (
    <span className="class-cell">
      <i className="swatch" style={{ background: color }} />
      {words}
    </span>
  ),
});
function untestedClass(reason: string, { t, language }: Words): Cell {
  const words = t('hotspots.tip.notTestable', { reason: reasonInWords(reason, language) });
  return {
    // Below every class.
    value: Number.NEGATIVE_INFINITY,
    words,
    shown: (
      <span className="class-cell">
        <i className="swatch swatch-none" />
        {words}
      </span>
    ),
  };
}

function localTable(answer: Answers['local'], words: Words): TableModel {
  const { t, format, nameOf } = words;
  return {
    columns: [
      text('name', 'hotspots.table.name'),
      number('violations', 'hotspots.table.violations'),
      number('inspections', 'hotspots.table.inspections'),
      number('rate', 'hotspots.table.rate'),
      number('estimate', 'hotspots.table.estimate'),
      number('z', 'hotspots.table.z'),
      number('p', 'hotspots.table.pAdjusted'),
      text('class', 'hotspots.table.class'),
    ],
    rows: [
      ...answer.areas.map((one) => ({
        id: one.id,
        code: one.id,
        cells: [
          { value: nameOf(one.id) },
          maybe(one.violations, format.integer),
          maybe(one.inspections, format.integer),
          maybe(one.rate, format.percent),
          maybe(one.estimate, format.percent),
          maybe(one.z, (z) => format.fixed(z, 2)),
          maybe(one.pAdjusted, (p) => pFigure(p, format)),
          inClass(classRank(one.class), classColor(one.class), t(`hotspots.classes.${one.class}`)),
        ],
      })),
      ...answer.notTestable.map(({ id, reason }) => ({
        id,
        code: id,
        cells: [
          { value: nameOf(id) },
          ...[missing, missing, missing, missing, missing, missing],
          untestedClass(reason, words),
        ],
      })),
    ],
    order: { key: 'z', descending: true },
    count: t('hotspots.table.communes', { count: answer.areas.length + answer.notTestable.length }),
  };
}

function trendTable(answer: Answers['trend'], words: Words): TableModel {
  const { t, format, nameOf } = words;
  return {
    columns: [
      text('name', 'hotspots.table.name'),
      text('pattern', 'hotspots.table.pattern'),
      text('z', 'hotspots.table.zBySlice'),
      number('significant', 'hotspots.table.hotSlices'),
      number('tau', 'hotspots.table.tau'),
      number('p', 'hotspots.table.p'),
    ],
    rows: [
      ...answer.areas.map(({ id, pattern, side, z, significant, tau, p }) => ({
        id,
        code: id,
        cells: [
          { value: nameOf(id) },
          inClass(
            (pattern ? 1 : 0) * (side === 'cold' ? -1 : 1),
            pattern && side ? patternColor(pattern, side) : colors.neutral,
            patternWords(pattern, side, t),
          ),
          {
            value: z.at(-1) ?? null,
            words: z.map((one) => (one === null ? '–' : format.fixed(one, 2))).join(' '),
            shown: (
              <ZLine
                values={z}
                significant={significant}
                label={t('hotspots.table.spark', {
                  values: z.map((one) => (one === null ? '–' : format.fixed(one, 1))).join('; '),
                })}
              />
            ),
          },
          maybe(significant.filter(Boolean).length, format.integer),
          maybe(tau, (value) => format.fixed(value, 2)),
          maybe(p, (value) => pFigure(value, format)),
        ],
      })),
      ...answer.notTestable.map(({ id, reason }) => ({
        id,
        code: id,
        cells: [{ value: nameOf(id) }, untestedClass(reason, words), ...[missing, missing, missing, missing]],
      })),
    ],
    order: { key: 'significant', descending: true },
    count: t('hotspots.table.communes', { count: answer.areas.length + answer.notTestable.length }),
  };
}

function scanTable(answer: Answers['scan'], { t, format, nameOf }: Words): TableModel {
  const timed = answer.method.timeUnit !== null;
  return {
    columns: [
      number('rank', 'hotspots.table.rank'),
      text('communes', 'hotspots.table.communesIn'),
      ...(timed ? [text('from', 'hotspots.table.from'), text('to', 'hotspots.table.to')] : []),
      number('observed', 'hotspots.table.observed'),
      number('expected', 'hotspots.table.expected'),
      number('relativeRisk', 'hotspots.table.relativeRisk'),
      number('radius', 'hotspots.table.radius'),
      number('p', 'hotspots.table.p'),
      number('pGumbel', 'hotspots.table.pGumbel'),
    ],
    rows: answer.clusters.map((cluster, index) => ({
      id: cluster.codes.join(),
      code: cluster.codes[0] ?? null,
      cells: [
        { value: index + 1 },
        { value: format.list(cluster.codes.map(nameOf)) },
        ...(timed
          ? [cluster.from, cluster.to].map((day) =>
              day === null ? missing : { value: day, shown: format.day(day) },
            )
          : []),
        maybe(cluster.observed, format.integer),
        maybe(cluster.expected, (value) => format.fixed(value, 1)),
        maybe(cluster.relativeRisk, (value) => format.fixed(value, 2)),
        maybe(cluster.radiusMeters, (value) => format.fixed(value / 1000, 1)),
        maybe(cluster.p, (value) => pFigure(value, format)),
        maybe(cluster.pGumbel, (value) => pFigure(value, format)),
      ],
    })),
    order: { key: 'rank', descending: false },
    count: t('hotspots.table.clusters', { count: answer.clusters.length }),
  };
}

const squareKilometers = (geometry: unknown) => area(geometry as MultiPolygon) / 1e6;

function bandTable(answer: Answers['density'], { t, format }: Words): TableModel {
  const bands = answer.contours.features.map(({ properties }) => properties);
  const digits = digitsFor(bands);
  return {
    columns: [
      number('low', 'hotspots.table.band'),
      number('high', 'hotspots.table.bandTo'),
      number('parts', 'hotspots.table.parts'),
      number('area', 'hotspots.table.areaSquareKm'),
    ],
    rows: answer.contours.features.map(({ properties: { low, high }, geometry }) => ({
      id: String(low),
      code: null,
      cells: [
        maybe(low, (value) => format.fixed(value, digits)),
        maybe(high, (value) => format.fixed(value, digits)),
        maybe(geometry.coordinates.length, format.integer),
        maybe(squareKilometers(geometry), (value) => format.fixed(value, 1)),
      ],
    })),
    order: { key: 'low', descending: true },
    count: t('hotspots.table.areas', { count: bands.length }),
  };
}

function riskTable(answer: Answers['relative-risk'], { t, format }: Words): TableModel {
  return {
    columns: [
      text('side', 'hotspots.table.side'),
      number('level', 'hotspots.table.level'),
      number('parts', 'hotspots.table.parts'),
      number('area', 'hotspots.table.areaSquareKm'),
    ],
    rows: answer.tolerance.features.map(({ properties: { level, side }, geometry }) => ({
      id: `${side} ${level}`,
      code: null,
      cells: [
        { value: t(`hotspots.table.${side}`) },
        maybe(level, format.wholePercent),
        maybe(geometry.coordinates.length, format.integer),
        maybe(squareKilometers(geometry), (value) => format.fixed(value, 1)),
      ],
    })),
    order: { key: 'side', descending: false },
    count: t('hotspots.table.areas', { count: answer.tolerance.features.length }),
  };
}

const vietnamese = new Intl.Collator('vi');

/** Rows by a column; what is missing comes last in either direction, and equals keep the order of the answer. */
export function sortedRows(
  { columns, rows }: TableModel,
  { key, descending }: TableOrder,
): TableModel['rows'] {
  const column = Math.max(
    0,
    columns.findIndex((one) => one.key === key),
  );
  const direction = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [first, second] = [one.cells[column]!.value, other.cells[column]!.value];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order =
      typeof first === 'string' ? vietnamese.compare(first, String(second)) : first - Number(second);
    return (Number.isNaN(order) ? 0 : order) * direction;
  });
}
