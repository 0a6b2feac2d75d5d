import { basename } from 'node:path';
import { compactKey } from '../../contract/vietnamese-text.ts';
import type { NeighbourProvince } from '../places/border-area-queries.ts';
import { coordinateSystem } from './coordinate-systems.ts';
import { emptyTally, readArea } from './geometry.ts';
import { ImportRefused } from './import-refused.ts';
import { openSource } from './open-source.ts';
import { plainProvinceName, provinceCode, provinceName } from './provinces.ts';
import { isMissing, readText, UnreadableValue } from './values.ts';

const codeColumns = ['code', 'ma', 'matinh', 'provincecode', 'provinceid', 'matinhthanh'];
const nameColumns = [
  'namevi',
  'ten',
  'tentinh',
  'name',
  'provincename',
  'province',
  'tinh',
  'tentinhthanh',
  'diadanh',
];

/** Outlines of provinces: each with a 2-digit code or a name that gives it. */
export async function readNeighbours(path: string): Promise<NeighbourProvince[]> {
  const source = await openSource(
    path,
    (columns) =>
      columns.filter((column) => [...codeColumns, ...nameColumns].includes(compactKey(column))).length,
  );
  const tally = emptyTally();
  const system = coordinateSystem(
    source.statedCrs && 'code' in source.statedCrs ? source.statedCrs.code : 4326,
  );
  const refuse = (line: number, expected: string) =>
    new ImportRefused({
      what: `${basename(path)}, ${source.rowWord} ${line}: expected ${expected}.`,
      remedy: 'Correct the file of neighbouring provinces.',
    });
  if (!system) throw refuse(0, 'a coordinate system that is known');
  const provinces = new Map<string, NeighbourProvince>();
  try {
    for await (const { line, values, geometry, fault } of source.rows) {
      if (fault) throw refuse(line, fault);
      const find = (names: readonly string[]) => {
        const column = names
          .map((name) => Object.keys(values).find((key) => compactKey(key) === name))
          .find((key) => key !== undefined && !isMissing(values[key]));
        return column === undefined ? null : readText(values[column]);
      };
      const stated = find(nameColumns);
      const code = find(codeColumns)?.padStart(2, '0') ?? (stated ? provinceCode(stated) : null);
      const name = stated ? plainProvinceName(stated) : code ? provinceName(code) : null;
      if (!code || !/^\d{2}$/.test(code) || !name)
        throw refuse(line, 'a province by its 2-digit code or its name');
      if (!geometry) throw refuse(line, 'an outline');
      if (provinces.has(code)) throw refuse(line, `each province once (${code} comes twice)`);
      try {
        provinces.set(code, { code, name, geometry: readArea(geometry, system, tally) });
      } catch (error) {
        if (error instanceof UnreadableValue) throw refuse(line, error.message);
        throw error;
      }
    }
  } finally {
    source.close();
  }
  if (!provinces.size) throw refuse(0, 'at least one province');
  return [...provinces.values()];
}
