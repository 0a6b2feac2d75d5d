import { activityPlaceCollections } from '../../contract/activities.ts';
import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { searchKey } from '../../contract/vietnamese-text.ts';
import type { Language } from '../i18n/language.ts';
import { placeKey } from './draft.ts';

export const keyOfPlace = ({ collection, reference }: ActivityPlace): string =>
  placeKey({ collection, reference });

/** "KCN Đồng Văn II", "Karaoke 35-0123": establishments have no name on record. */
export const placeLabel = ({ name, sort, reference }: ActivityPlace, language: Language): string =>
  name ?? `${sort[language]} ${reference}`;

/** What a place can be found by, folded once for all searches among the same places. */
const folded = new WeakMap<ActivityPlace, { name: string; reference: string; sort: string }>();
function keysOf(place: ActivityPlace) {
  const known = folded.get(place);
  if (known) return known;
  const keys = {
    name: searchKey(place.name ?? ''),
    reference: searchKey(place.reference),
    sort: searchKey(`${place.sort.vi} ${place.sort.en} ${collectionWords[place.collection]}`),
  };
  folded.set(place, keys);
  return keys;
}

/** Words that people type for a kind of place and that its name may not hold. */
const collectionWords: Record<ActivityPlace['collection'], string> = {
  'industrial-parks': 'kcn khu công nghiệp',
  dormitories: 'ktx ký túc xá khu trọ nhà trọ',
  schools: 'trường học thpt',
  establishments: 'cơ sở',
};

/**
 * Places of which every word of the text begins a word of the name, the licence number or the kind, or lies within the
 * number. Best first: those whose name or number begins with the text, then those whose own words hold it, then those of
 * such a kind; among equals the foremost collection, larger kinds of places before establishments, and by name. All places
 * when nothing is typed.
 */
export function searchPlaces(
  places: readonly ActivityPlace[],
  text: string,
  foremost: ActivityPlace['collection'] | null = null,
): ActivityPlace[] {
  const wanted = searchKey(text);
  const words = wanted.split(' ').filter(Boolean);
  const found: { place: ActivityPlace; score: number }[] = [];
  for (const place of places) {
    const { name, reference, sort } = keysOf(place);
    const own = ` ${name}`;
    const kind = ` ${sort}`;
    let score = name.startsWith(wanted) || reference.startsWith(wanted) ? 0 : 1;
    for (const word of words) {
      if (own.includes(` ${word}`) || reference.includes(word)) continue;
      if (!kind.includes(` ${word}`)) {
        score = Number.POSITIVE_INFINITY;
        break;
      }
      score = 2;
    }
    if (score < Number.POSITIVE_INFINITY) found.push({ place, score });
  }
  const order = ({ collection }: ActivityPlace) =>
    collection === foremost ? -1 : activityPlaceCollections.indexOf(collection);
  return found
    .sort(
      (one, other) =>
        one.score - other.score ||
        order(one.place) - order(other.place) ||
        keysOf(one.place).name.localeCompare(keysOf(other.place).name) ||
        one.place.reference.localeCompare(other.place.reference),
    )
    .map(({ place }) => place);
}
