import { fieldsByKind, recogniseColumns } from './fields.ts';
import { ImportRefused } from './import-refused.ts';
import type { ImportKind } from './kinds.ts';
import type { PersonalColumn } from './personal-columns.ts';
import { personalHeader } from './personal-headers.ts';

/** Columns that stay as they are when the source has no column for them, by field. */
const keptColumns: Readonly<Record<string, string>> = {
  terrain: 'terrain',
  population: 'population',
  formerProvince: 'former_province',
  formerUnits: 'former_units',
  coastal: 'coastal',
  workers: 'workers',
  residents: 'residents',
  students: 'students',
  leadAgency: 'lead_agency',
  activeTo: 'active_to',
  integratedWith: 'integrated_with',
};

const nullableCommune: ReadonlySet<ImportKind> = new Set(['training', 'press-items']);

/** Columns that the asker names, by field; a name about persons is refused like any other. */
export function givenMapping(kind: ImportKind, map: Readonly<Record<string, string>>): Map<string, string> {
  const mapping = new Map<string, string>();
  for (const [name, column] of Object.entries(map)) {
    const field = fieldsByKind[kind].find(
      (candidate) => candidate.name.toLowerCase() === name.replace(/[-_]/g, '').toLowerCase(),
    );
    if (!field)
      throw new ImportRefused({
        what: `There is no field "${name}" in ${kind}.`,
        remedy: `The fields are: ${fieldsByKind[kind].map((candidate) => candidate.name).join(', ')}.`,
      });
    const personal = personalHeader(column, kind);
    if (personal) throw personalRefusal([{ column, holds: personal, sign: 'header' }]);
    mapping.set(field.name, column);
  }
  return mapping;
}

/** Says which columns, what they seem to hold, why, where and what to do; never what stands there. */
export function personalRefusal(found: readonly PersonalColumn[], rowWord = 'row'): ImportRefused {
  const told = found.map(({ column, holds, sign, lines = [], count = 0 }) => {
    const more = count > lines.length ? ` and ${count - lines.length} more` : '';
    const where = lines.length ? ` (${rowWord} ${lines.join(', ')}${more})` : '';
    return `"${column}" ${sign === 'header' ? 'seems to hold' : 'holds what look like'} ${holds}${where}`;
  });
  return new ImportRefused({
    what: `The file has columns about persons: ${told.join('; ')}. Places are kept here, never persons.`,
    remedy:
      'Delete these columns from the file and import it again; a column of something else is cleaned of it.',
  });
}

/** Recognition of columns as they come: all at once in a table, with each feature in GeoJSON. */
export function columnTable(ofKind: ImportKind, fixed: ReadonlyMap<string, string>) {
  const mapping = new Map<string, string>();
  const seen: string[] = [];
  const known = new Set<string>();
  let fieldOf = new Map<string, string>();
  const types = new Map(fieldsByKind[ofKind].map(({ name, type }) => [name, type]));
  const shape = fieldsByKind[ofKind].some(({ type }) => type === 'shape');
  return {
    mapping,
    see(found: readonly string[]): boolean {
      const fresh = found.filter((column) => !known.has(column));
      if (!fresh.length) return false;
      for (const column of fresh) {
        known.add(column);
        seen.push(column);
      }
      mapping.clear();
      for (const [name, column] of recogniseColumns(ofKind, seen, fixed)) mapping.set(name, column);
      fieldOf = new Map([...mapping].map(([name, column]) => [column, name]));
      const personal = fresh.flatMap((column) => {
        const holds = fieldOf.has(column) ? null : personalHeader(column, ofKind);
        return holds ? [{ column, holds, sign: 'header' as const }] : [];
      });
      if (personal.length) throw personalRefusal(personal);
      return true;
    },
    /** `complete`: no more columns will come, so that what is missing is missing. */
    check(complete: boolean): void {
      if (!complete) return;
      const absent = [...fixed].filter(([, column]) => !known.has(column));
      const missing = fieldsByKind[ofKind].filter(({ name, required }) => required && !mapping.has(name));
      if (!absent.length && !missing.length) return;
      throw new ImportRefused({
        what: absent.length
          ? `The file has no column ${absent.map(([, column]) => `"${column}"`).join(', ')}.`
          : `No column was recognised as ${missing.map(({ label }) => label).join('; ')}.`,
        remedy:
          `Its columns are: ${seen.map((column) => `"${column}"`).join(', ') || 'none'}. ${missing.length ? `Name the right one with --map ${missing[0]!.name}=COLUMN.` : ''}`.trim(),
      });
    },
    extent(column: string): 'nothing' | 'numbers' | 'all' {
      const type = types.get(fieldOf.get(column) ?? '');
      if (type === undefined) return 'all';
      return type === 'text' || type === 'key' || type === 'list' ? 'numbers' : 'nothing';
    },
    keep: () =>
      new Set([
        ...Object.entries(keptColumns).flatMap(([name, column]) => (mapping.has(name) ? [] : [column])),
        // Of the other kinds a commune is asked for, or follows from the place.
        ...(nullableCommune.has(ofKind) && !mapping.has('commune') ? ['commune_code'] : []),
      ]),
    keyColumn: () =>
      mapping.get('reference') ??
      mapping.get('licenseNumber') ??
      mapping.get('code') ??
      mapping.get('name') ??
      mapping.get('commune') ??
      null,
    ignored: () => seen.filter((column) => !fieldOf.has(column)),
    isPlaced: () => shape,
  };
}
export type ColumnTable = ReturnType<typeof columnTable>;
