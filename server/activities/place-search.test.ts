import { describe, expect, it } from 'vitest';
import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { searchPlaces } from './place-search.ts';

const place = (reference: string, name: string | null, vi: string): ActivityPlace => ({
  collection: name === null ? 'establishments' : 'schools',
  reference,
  name,
  sort: { vi, en: vi },
  position: [106, 20],
  people: null,
  activeFrom: null,
  activeTo: null,
  simulated: false,
});
const places = [
  place('GP-0120', null, 'Karaoke'),
  place('GP-1200', null, 'Vũ trường, quán bar'),
  place('T-1', 'Trung tâm GDNN Đông Sơn', 'Cơ sở giáo dục nghề nghiệp'),
  place('T-2', 'Trường THPT Đồng Văn', 'Trường trung học phổ thông'),
];
const found = (text: string) => searchPlaces(places, text).map(({ reference }) => reference);

describe('searchPlaces', () => {
  it.each([
    ['', ['GP-0120', 'GP-1200', 'T-1', 'T-2']],
    ['  ', ['GP-0120', 'GP-1200', 'T-1', 'T-2']],
    ['đông', ['T-1', 'T-2']],
    ['DONG SON', ['T-1']],
    ['sơn đông', ['T-1']],
    ['Đồng Văn'.normalize('NFD'), ['T-2']],
    ['gp-12', ['GP-1200']],
    ['120', ['GP-0120', 'GP-1200']],
    // one whose name begins with it comes before one whose kind has it
    ['trường', ['T-2', 'GP-1200']],
    ['karaoke đông', []],
  ])('%j finds %j', (text, references) => expect(found(text)).toEqual(references));
});
