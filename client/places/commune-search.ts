import { searchKey } from '../../contract/vietnamese-text.ts';

export type Searchable = { code: string; name: string; type: string; former_units: string | null };
export type Found<Place> = {
  commune: Place;
  /** The former unit through which it was found, as it is written; null when its own name or code matched. */
  through: string | null;
};

const unitTypes = /^(xa|phuong|thi tran|dac khu) /;

/**
 * Communes that a text names, best first: by the beginning of the name, by the beginning of a later word of it, then by
 * a former unit that was merged into it. Diacritics and case do not matter ("thanh lam" finds Thanh Lâm, "dong van" Đồng
 * Văn), but where they are typed, names that have exactly them come first.
 */
export function searchCommunes<Place extends Searchable>(
  communes: readonly Place[],
  text: string,
  limit = 8,
): Found<Place>[] {
  const wanted = searchKey(text);
  const bare = wanted.replace(unitTypes, '');
  if (bare === '') return [];
  const exact = text.trim().toLowerCase().normalize('NFC');
  const scored: { score: number; found: Found<Place> }[] = [];
  for (const commune of communes) {
    const name = searchKey(commune.name);
    const full = `${searchKey(commune.type)} ${name}`;
    const own =
      commune.code.startsWith(bare) || name === bare || full === wanted
        ? 0
        : name.startsWith(bare) || full.startsWith(wanted)
          ? 1
          : ` ${name}`.includes(` ${bare}`)
            ? 2
            : null;
    const spelled = `${commune.type} ${commune.name}`.toLowerCase().includes(exact) ? 0 : 0.5;
    if (own !== null) {
      scored.push({ score: own + spelled, found: { commune, through: null } });
      continue;
    }
    const unit = formerUnits(commune.former_units).find((former) =>
      ` ${searchKey(former)}`.includes(` ${bare}`),
    );
    if (unit) scored.push({ score: 4, found: { commune, through: unit } });
  }
  return scored
    .sort((one, other) => one.score - other.score)
    .slice(0, limit)
    .map(({ found }) => found);
}

/** "Phường A, Xã B và phần còn lại của Xã C sau khi sắp xếp" → Phường A, Xã B, Xã C. */
export function formerUnits(text: string | null): string[] {
  if (!text) return [];
  return [
    ...text
      .normalize('NFC')
      .matchAll(/(?:Phường|Xã|Thị trấn|Đặc khu)\s+[^,()]+?(?=\s*(?:,|\(|;|$| và | sau khi ))/g),
  ].map(([unit]) => unit.replace(/\s+/g, ' ').trim());
}
