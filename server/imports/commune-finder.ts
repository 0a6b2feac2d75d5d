import type { communeTypes } from '../../contract/places.ts';
import { nameKey, searchKey, storedName } from '../../contract/vietnamese-text.ts';
import type { CommuneName } from './lookup-queries.ts';
import { plainProvinceName } from './provinces.ts';
import { UnreadableValue } from './values.ts';

type CommuneType = (typeof communeTypes)[number];
const typePrefix = /^(xã|phường|đặc khu|thị trấn|x\.|p\.)\s*/i;

/** "Phường Phủ Lý" → phường, Phủ Lý */
export function splitCommuneName(text: string): { type: CommuneType | null; name: string } {
  const stored = storedName(text);
  const prefix = typePrefix.exec(stored)?.[1]?.toLowerCase().normalize('NFC');
  const type =
    prefix === 'x.' || prefix === 'xã'
      ? 'xã'
      : prefix === 'p.' || prefix === 'phường'
        ? 'phường'
        : prefix === 'đặc khu'
          ? 'đặc khu'
          : null;
  const name = prefix ? storedName(stored.replace(typePrefix, '')) : stored;
  // A commune may be called by a word that reads as a type
  return name ? { type, name } : { type: null, name: stored };
}

/** A commune code as text; one whose leading zeros were lost (a number cell) is refused by its number of digits. */
export function readCommuneCode(value: unknown): string {
  const text =
    typeof value === 'number'
      ? String(value)
      : typeof value === 'string'
        ? value.trim().replace(/\.0+$/, '')
        : '';
  if (/^\d{5}$/.test(text)) return text;
  if (/^\d{1,4}$/.test(text))
    throw new UnreadableValue(
      `a commune code of 5 digits: the code ${text} has ${text.length} digits, so it seems to have lost its leading zero (${text.padStart(5, '0')}); keep the column as text`,
    );
  throw new UnreadableValue('a commune code of 5 digits');
}

/**
 * Finds communes by code or by name, with the type before it if need be ("Phường Đông Sơn"). Names are compared with
 * their diacritics, tone position folded; when several fit, the former province decides, and otherwise the refusal lists
 * them all.
 */
export function communeFinder(communes: readonly CommuneName[]) {
  const byCode = new Map(communes.map((commune) => [commune.code, commune]));
  const byName = Map.groupBy
    ? Map.groupBy(communes, ({ name }) => nameKey(name))
    : communes.reduce((groups, commune) => {
        const key = nameKey(commune.name);
        return groups.set(key, [...(groups.get(key) ?? []), commune]);
      }, new Map<string, CommuneName[]>());
  const described = ({ code, type, name, formerProvince }: CommuneName) =>
    `${code} ${type} ${name}${formerProvince ? ` (${formerProvince})` : ''}`;

  return {
    communes: byCode as ReadonlyMap<string, CommuneName>,
    find(value: unknown, formerProvince: string | null): string {
      const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
      if (/^\d+(\.0+)?$/.test(text)) {
        let code: string;
        try {
          code = readCommuneCode(value);
        } catch (error) {
          const padded = byCode.get(text.padStart(5, '0'));
          if (!(error instanceof UnreadableValue) || !padded) throw error;
          throw new UnreadableValue(`${error.message} (${described(padded)})`);
        }
        if (!byCode.has(code)) throw new UnreadableValue('the code of a commune in the database');
        return code;
      }
      // "13285 - Phủ Lý", as drop-down lists write it
      const both = /^(\d{5})\b/.exec(text);
      if (both && byCode.has(both[1]!)) return both[1]!;

      const { type, name } = splitCommuneName(text);
      const named = byName.get(nameKey(name)) ?? byName.get(nameKey(text)) ?? [];
      const ofType =
        type && named.some((commune) => commune.type === type)
          ? named.filter((commune) => commune.type === type)
          : named;
      const former = formerProvince && nameKey(plainProvinceName(formerProvince));
      const fitting =
        former && ofType.length > 1
          ? ofType.filter(
              (commune) =>
                commune.formerProvince && nameKey(plainProvinceName(commune.formerProvince)) === former,
            )
          : ofType;
      if (fitting.length === 1) return fitting[0]!.code;
      if (named.length > 1)
        throw new UnreadableValue(
          `one commune, but several have this name: ${named.map(described).join('; ')}. Give the code, or the former province`,
        );
      const alike = communes.filter((commune) => searchKey(commune.name) === searchKey(name)).slice(0, 5);
      throw new UnreadableValue(
        `the code or name of a commune in the database${alike.length ? `; alike without diacritics: ${alike.map(described).join('; ')}` : ''}`,
      );
    },
  };
}
export type CommuneFinder = ReturnType<typeof communeFinder>;
