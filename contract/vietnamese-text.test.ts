import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactKey, nameKey, searchKey, storedName } from './vietnamese-text.ts';

describe('names', () => {
  it('stores NFC with single spaces and keeps the spelling', () => {
    expect(storedName('  Giao  Thuỷ '.normalize('NFD'))).toBe('Giao Thuỷ');
    expect(storedName('Phủ\u00a0Lý')).toBe('Phủ Lý');
  });

  it('folds the tone position of oa, oe and uy, and nothing else', () => {
    for (const [one, other] of [
      ['Hòa Bình', 'Hoà Bình'],
      ['Giao Thủy', 'Giao Thuỷ'],
      ['Khỏe', 'Khoẻ'],
      ['QUÝ', 'qúy'],
    ] as const)
      expect(nameKey(one)).toBe(nameKey(other));
    expect(nameKey('Đông Sơn')).not.toBe(nameKey('Đồng Sơn'));
    expect(nameKey('Hoan')).not.toBe(nameKey('Hoàn'));
    expect(nameKey('Đô Lương')).not.toBe(nameKey('Do Luong'));
  });

  it('drops diacritics for search alone, đ among them', () => {
    expect(searchKey('Đồng Văn')).toBe('dong van');
    expect(searchKey('ĐẶC KHU Phú Quốc')).toBe('dac khu phu quoc');
    expect(compactKey('Mã_Đơn vị-Hành chính')).toBe('madonvihanhchinh');
  });

  it('gives one key to the composed and the decomposed form of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aăâeêioôơuưyđhnqtĐỦÝòỏửặ ') }), (text) => {
        expect(nameKey(text.normalize('NFD'))).toBe(nameKey(text.normalize('NFC')));
        expect(searchKey(text.normalize('NFD'))).toBe(searchKey(text));
        expect(searchKey(text)).toMatch(/^[a-z ]*$/);
      }),
      { seed: 20260 },
    );
  });
});
