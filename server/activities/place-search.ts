import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { searchKey } from '../../contract/vietnamese-text.ts';

/**
 * Places in which every word of the text occurs, with or without diacritics, in the name, the licence number or what kind
 * of place it is. Those whose name or licence number begins with the text come first, then those in which a word does.
 */
export function searchPlaces(places: readonly ActivityPlace[], text: string): ActivityPlace[] {
  const whole = searchKey(text);
  const words = whole.split(' ').filter(Boolean);
  if (!words.length) return [...places];
  return places
    .flatMap((place) => {
      const called = searchKey(`${place.name ?? ''} ${place.reference}`).trim();
      const all = `${called} ${searchKey(`${place.sort.vi} ${place.sort.en}`)}`;
      if (!words.every((word) => all.includes(word))) return [];
      const begins = called.startsWith(whole) || searchKey(place.reference).startsWith(whole);
      const wordBegins = ` ${all}`.includes(` ${words[0]!}`);
      return [{ place, rank: begins ? 0 : wordBegins ? 1 : 2 }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place);
}
