import { describe, expect, it } from 'vitest';
import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { keyOfPlace, placeLabel, searchPlaces } from './place-search.ts';

const place = (
  collection: ActivityPlace['collection'],
  reference: string,
  name: string | null,
  vi: string,
  en: string,
): ActivityPlace => ({
  collection,
  reference,
  name,
  sort: { vi, en },
  position: [105.9, 20.3],
  people: 10,
  activeFrom: null,
  activeTo: null,
  simulated: false,
});
const park = place('industrial-parks', 'P1', 'KCN Đồng Văn II', 'Khu công nghiệp', 'Industrial park');
const school = place('schools', 'T1', 'Trường THPT Đông Sơn', 'Trường trung học phổ thông', 'School');
const housing = place('dormitories', 'D1', 'Nhà ở công nhân Đồng Văn', 'Nhà ở công nhân', "Workers' housing");
const karaoke = place('establishments', '35-0123', null, 'Karaoke', 'Karaoke');
const guestHouse = place('establishments', '35-0456', null, 'Nhà nghỉ', 'Guest house');
const all = [guestHouse, karaoke, school, housing, park];
const found = (text: string, foremost: ActivityPlace['collection'] | null = null) =>
  searchPlaces(all, text, foremost).map(({ reference }) => reference);

describe('a place', () => {
  it('is found without diacritics, and the one that begins so comes first', () => {
    expect(found('dong van')).toEqual(['P1', 'D1']);
    expect(found('nha o')).toEqual(['D1']);
    expect(found('Đông Sơn')).toEqual(['T1']);
    // Names that begin with it before those of which a later word or the kind does.
    expect(found('nha')).toEqual(['D1', '35-0456']);
  });

  it('is found by a part of the licence number, and by its kind in either language', () => {
    expect(found('0456')).toEqual(['35-0456']);
    expect(found('35-01')).toEqual(['35-0123']);
    expect(found('guest')).toEqual(['35-0456']);
    expect(found('karaoke 0123')).toEqual(['35-0123']);
    expect(found('ky tuc xa')).toEqual(['D1']);
  });

  it('is not found by half a word from its middle, nor when one word fits nothing', () => {
    expect(found('aoke')).toEqual([]);
    expect(found('dong van karaoke')).toEqual([]);
  });

  it('is among all when nothing is typed: named kinds before establishments, what is looked for first', () => {
    expect(found('')).toEqual(['P1', 'D1', 'T1', '35-0123', '35-0456']);
    expect(found('', 'schools')[0]).toBe('T1');
  });

  it('without a name is called by kind and number', () => {
    expect(placeLabel(guestHouse, 'vi')).toBe('Nhà nghỉ 35-0456');
    expect(placeLabel(park, 'en')).toBe('KCN Đồng Văn II');
    expect(keyOfPlace(karaoke)).toBe('establishments/35-0123');
  });
});
