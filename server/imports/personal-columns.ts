import { compactKey, searchKey, storedName } from '../../contract/vietnamese-text.ts';
import {
  digitsOf,
  isCitizenNumber,
  isTelephone,
  nameAlone,
  nameWithin,
  personalText,
} from './personal-text.ts';

/** Why a column must not come in: what about a person it seems to hold, and in which rows. What stands there is not said. */
export type PersonalColumn = {
  column: string;
  holds: string;
  sign: 'header' | 'content';
  /** The first rows that hold it. */
  lines?: readonly number[];
  /** How many of those examined hold it. */
  count?: number;
};

/** Whether a column is examined: not at all, for numbers and addresses alone, or for everything. */
export type Examination = 'nothing' | 'numbers' | 'all';

/** The first rows are examined one and all, of the others one in eight, drawn by their number. */
const examinedAll = 5_000;
const oneIn = 8;
const listedLines = 5;
/** What is hardly ever anything else is refused from a hundredth of the values on, and from one of fewer than a hundred. */
const strongShare = 0.01;
/** In a column of numbers, licences and references, whose own form may come near it, from a fifth on. */
const numberShare = 0.2;

// Numbers and names that mean something else by what the column is called.
const identifierHeader = /(^|_|\b)(id|fid|oid|osm|objectid|gid|ma|code|dientich|area|so)($|_|\b|\d)/i;
const isIdentifier = (column: string): boolean => identifierHeader.test(searchKey(column));
const placeHeader = /(duong|pho$|street|truong|diadanh|thon|phuong|khu|congviec)/;
// Numbers of businesses: those of Hà Nam begin 0700, as telephones do.
const businessHeader = /(doanhnghiep|masothue|^mst|dkkd|dangkykinhdoanh|giayphep|^sogp|gpkd|licen[cs]e)/;
const foundingHeader =
  /(cap|thanhlap|dangky|khoicong|hoatdong|xaydung|kinhdoanh|quyetdinh|banhanh|hieuluc|issued|founded|opened|start|built|update|created)/;

type Sign = 'citizen' | 'telephone' | 'nine' | 'electronic' | 'name' | 'middle' | 'named' | 'birth' | 'day';
type Tally = { values: number; counts: Record<Sign, number>; lines: Map<Sign, number[]> };

const emptyTally = (): Tally => ({
  values: 0,
  counts: {
    citizen: 0,
    telephone: 0,
    nine: 0,
    electronic: 0,
    name: 0,
    middle: 0,
    named: 0,
    birth: 0,
    day: 0,
  },
  lines: new Map(),
});

/**
 * Watches what columns hold as rows go by. A column that no field takes is examined for everything; of those that are
 * taken, names, references and lists for numbers, addresses and names after a title. What is found in a column by its
 * structure (a citizen number, a telephone, an address with @, a name within a text) refuses it from a hundredth of the
 * values on; in references and licences, and by what is weaker (nine digits, names alone, days of long ago), from a share
 * that a column of something else does not reach: docs/importing.md says which, and what was measured.
 */
export function personalContent(examine: (column: string) => Examination) {
  const tallies = new Map<string, Tally>();
  const extents = new Map<string, Examination>();
  let rows = 0;
  return {
    see(values: Readonly<Record<string, unknown>>, line: number = rows + 1): void {
      rows += 1;
      if (rows > examinedAll && (Math.imul(rows, 0x9e3779b1) >>> 0) % oneIn !== 0) return;
      for (const column in values) {
        const value = values[column];
        if (value === null || value === undefined || value === '') continue;
        const extent = examine(column);
        if (extent === 'nothing') continue;
        extents.set(column, extent);
        let tally = tallies.get(column);
        if (!tally) {
          tally = emptyTally();
          tallies.set(column, tally);
        }
        tally.values += 1;
        for (const sign of signsOf(value, column, extent)) {
          tally.counts[sign] += 1;
          const lines = tally.lines.get(sign) ?? [];
          if (lines.length < listedLines) tally.lines.set(sign, [...lines, line]);
        }
      }
    },
    found(): PersonalColumn[] {
      return [...tallies].flatMap(([column, tally]): PersonalColumn[] => {
        const sign = telling(tally, column, extents.get(column) ?? 'all');
        return sign
          ? [
              {
                column,
                holds: holding[sign],
                sign: 'content',
                lines: tally.lines.get(sign) ?? [],
                count: tally.counts[sign],
              },
            ]
          : [];
      });
    },
  };
}

const holding: Readonly<Record<Sign, string>> = {
  citizen: 'identity numbers of 12 digits',
  telephone: 'telephone numbers',
  nine: 'identity numbers of 9 digits',
  electronic: 'electronic addresses',
  name: 'names of persons',
  middle: 'names of persons',
  named: 'names of persons',
  birth: 'birth dates',
  day: 'birth dates',
};

function telling({ values, counts }: Tally, column: string, extent: Examination): Sign | null {
  const share = (sign: Sign) => counts[sign] / values;
  const least = isIdentifier(column) || extent === 'numbers' ? numberShare : strongShare;
  if (share('citizen') >= least && counts.citizen > 0) return 'citizen';
  if (share('telephone') >= least && counts.telephone > 0) return 'telephone';
  if (share('electronic') >= strongShare && counts.electronic > 0) return 'electronic';
  if (share('named') >= strongShare && counts.named > 0) return 'named';
  if (share('nine') >= 0.5) return 'nine';
  if (share('name') >= 0.4 && share('middle') >= 0.2) return 'name';
  if (share('day') >= 0.6 && counts.birth / counts.day >= 0.5) return 'birth';
  return null;
}

function signsOf(value: unknown, column: string, extent: Examination): Sign[] {
  if (value instanceof Date) return extent === 'all' ? daySigns(value.getUTCFullYear(), column) : [];
  if (typeof value === 'number') return numberSigns(value, column, extent);
  // what is nested, in GeoJSON, is read as its text
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value).slice(0, 2_000);
  if (text.length < 4 || /^\d{1,8}$/.test(text)) return [];
  const digits = digitsOf(text);
  if (/^\+?\d+$/.test(digits)) {
    const signs = digitSigns(digits, column, extent);
    return signs.length ? signs : extent === 'all' ? daySigns(yearOfDay(text), column) : [];
  }
  const told = personalText(text);
  if (told === 'an identity number') return ['citizen'];
  if (told === 'a telephone number') return ['telephone'];
  if (told === 'an electronic address') return ['electronic'];
  if (placeHeader.test(compactKey(column))) return [];
  const stored = storedName(text);
  // a school or a street is called after somebody: of what is taken as a name only one after a title counts
  const alone = nameAlone(stored);
  if (alone === 'no') return told && nameWithin(stored) ? ['named'] : [];
  if (extent !== 'all') return [];
  return alone === 'surname' ? ['name'] : ['name', 'middle'];
}

function numberSigns(value: number, column: string, extent: Examination): Sign[] {
  if (!Number.isInteger(value) || value < 1e8) return [];
  const digits = String(value);
  // a number cell loses the zero in front
  if (!isIdentifier(column) && !businessHeader.test(compactKey(column))) {
    if (digits.length === 9 && isTelephone(`0${digits}`)) return ['telephone'];
    if (digits.length === 11 && isCitizenNumber(`0${digits}`)) return ['citizen'];
  }
  return digitSigns(digits, column, extent);
}

function digitSigns(digits: string, column: string, extent: Examination): Sign[] {
  if (isCitizenNumber(digits)) return ['citizen'];
  if (isTelephone(digits)) return businessHeader.test(compactKey(column)) ? [] : ['telephone'];
  return extent === 'all' && /^\d{9}$/.test(digits) && !isIdentifier(column) ? ['nine'] : [];
}

const daySigns = (year: number | null, column: string): Sign[] =>
  year === null || foundingHeader.test(compactKey(column)) ? [] : year < 2000 ? ['day', 'birth'] : ['day'];

/** The year of what reads as a day, such as 02/09/1985 or 1985-09-02; null for what is none. */
function yearOfDay(text: string): number | null {
  const match = /^(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))$/.exec(text);
  const year = Number(match?.[1] ?? match?.[2] ?? Number.NaN);
  return year >= 1900 && year <= 2100 ? year : null;
}
