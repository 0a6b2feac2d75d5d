import { describe, expect, it } from 'vitest';
import { formerUnits, searchCommunes } from './commune-search.ts';

const commune = (code: string, type: string, name: string, former_units: string | null = null) => ({
  code,
  type,
  name,
  former_units,
});
const communes = [
  commune(
    '13285',
    'phường',
    'Phủ Lý',
    'Phường Châu Cầu, Phường Liêm Chính và phần còn lại của Phường Quang Trung (thành phố Phủ Lý) sau khi sắp xếp',
  ),
  commune('13348', 'phường', 'Đồng Văn'),
  commune('13456', 'xã', 'Thanh Lâm'),
  commune('13460', 'xã', 'Thanh Liêm'),
  commune('14560', 'xã', 'Đông Văn'),
  commune('14401', 'xã', 'Yên Đồng'),
  commune('14402', 'xã', 'Lâm Sơn'),
];
const names = (text: string) => searchCommunes(communes, text).map(({ commune: { name } }) => name);

describe('searching without diacritics', () => {
  it('finds Thanh Lâm by "thanh lam"', () => {
    expect(names('thanh lam')).toEqual(['Thanh Lâm']);
    expect(names('  THANH  LAM ')).toEqual(['Thanh Lâm']);
  });

  it('takes d for đ', () => {
    expect(names('dong van')).toEqual(['Đồng Văn', 'Đông Văn']);
  });

  it('puts the name that is spelled as typed first', () => {
    expect(names('Đông Văn')[0]).toBe('Đông Văn');
    expect(names('Đồng Văn')[0]).toBe('Đồng Văn');
    // decomposed, as a Mac types it
    expect(names('Đông Văn'.normalize('NFD'))[0]).toBe('Đông Văn');
  });

  it('takes the type before the name, and words within it after beginnings', () => {
    expect(names('xa thanh')).toEqual(['Thanh Lâm', 'Thanh Liêm']);
    expect(names('lam')).toEqual(['Lâm Sơn', 'Thanh Lâm']);
    expect(names('dong')).toEqual(['Đồng Văn', 'Đông Văn', 'Yên Đồng']);
  });

  it('finds by code', () => {
    expect(names('1345')).toEqual(['Thanh Lâm']);
  });

  it('finds a commune by a unit that was merged into it, and says which', () => {
    expect(searchCommunes(communes, 'liem chinh')).toEqual([
      { commune: communes[0], through: 'Phường Liêm Chính' },
    ]);
    expect(searchCommunes(communes, 'quang trung')[0]?.through).toBe('Phường Quang Trung');
  });

  it('finds nothing for nothing', () => {
    expect(names('')).toEqual([]);
    expect(names('zzz')).toEqual([]);
  });
});

describe('former units', () => {
  it('are taken from the sentence of the resolution', () => {
    expect(formerUnits(communes[0]!.former_units)).toEqual([
      'Phường Châu Cầu',
      'Phường Liêm Chính',
      'Phường Quang Trung',
    ]);
    expect(formerUnits('Thị trấn Kiện Khê và một phần diện tích của Xã Thanh Sơn')).toEqual([
      'Thị trấn Kiện Khê',
      'Xã Thanh Sơn',
    ]);
    expect(formerUnits(null)).toEqual([]);
  });
});
