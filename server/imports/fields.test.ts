import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldsByKind, recogniseColumns } from './fields.ts';
import { importKinds } from './kinds.ts';
import { personalHeader } from './personal-headers.ts';

const found = (kind: (typeof importKinds)[number], ...columns: string[]) =>
  Object.fromEntries(recogniseColumns(kind, columns));

describe('recognising columns', () => {
  it.each([
    'ma',
    'maxa',
    'ma_xa',
    'MaXa',
    'maDonViHanhChinh',
    'ward_id',
    'code',
    'Mã xã',
    'MÃ ĐƠN VỊ HÀNH CHÍNH',
  ])('takes %s for a commune code', (column) => {
    expect(found('communes', column)).toEqual({ code: column });
  });

  it.each(['ten', 'tenhc', 'TenXa', 'diaDanh', 'Tên', 'name_vi'])('takes %s for a name', (column) => {
    expect(found('communes', column)).toEqual({ name: column });
  });

  it('takes the usual ones of communes and of establishments together', () => {
    expect(found('communes', 'maDonViHan', 'danhTuChun', 'diaDanh', 'dientichkm2', 'dansonguoi')).toEqual({
      code: 'maDonViHan',
      type: 'danhTuChun',
      name: 'diaDanh',
      areaSquareKm: 'dientichkm2',
      population: 'dansonguoi',
    });
    expect(
      found(
        'establishments',
        'STT',
        'Số giấy phép',
        'Loại hình',
        'Số lao động',
        'Ngày cấp',
        'Kinh độ',
        'Vĩ độ',
      ),
    ).toEqual({
      licenseNumber: 'Số giấy phép',
      category: 'Loại hình',
      workers: 'Số lao động',
      activeFrom: 'Ngày cấp',
      lon: 'Kinh độ',
      lat: 'Vĩ độ',
    });
  });

  it('prefers Vietnamese names over English, and the official count over the raw one', () => {
    expect(found('communes', 'name_en', 'name', 'name_vi').name).toBe('name_vi');
    expect(found('communes', 'population_raw', 'population').population).toBe('population');
    expect(found('communes', 'former_units', 'former_units_text').formerUnits).toBe('former_units_text');
  });

  it('gives each column to one field, and what --map names to none else', () => {
    for (const kind of importKinds) {
      const columns = fieldsByKind[kind].flatMap(({ aliases }) => aliases);
      const taken = [...recogniseColumns(kind, columns).values()];
      expect(new Set(taken).size).toBe(taken.length);
    }
    expect(recogniseColumns('communes', ['ma', 'ten'], new Map([['name', 'ma']]))).toEqual(
      new Map([['name', 'ma']]),
    );
  });

  it('never takes for a field what is about a person', () => {
    for (const column of [
      'ho_ten',
      'chủ cơ sở',
      'người đại diện',
      'số cccd',
      'sđt',
      'ngày sinh',
      'ghi chú',
      'ảnh',
    ])
      for (const kind of ['establishments', 'inspections', 'outreach', 'reports'] as const) {
        expect(recogniseColumns(kind, [column]).size).toBe(0);
        expect(personalHeader(column, kind)).not.toBeNull();
      }
  });
});

it('docs/importing.md lists every column', () => {
  const document = readFileSync(new URL('../../docs/importing.md', import.meta.url), 'utf8');
  for (const kind of importKinds) {
    const section = document.split(`### ${kind}\n`)[1]!.split('\n### ')[0]!;
    for (const { name, required } of fieldsByKind[kind])
      expect(section).toContain(`| ${required ? `**${name}**` : name} |`);
    for (const { aliases } of fieldsByKind[kind])
      for (const alias of aliases) expect(section, `${kind}: ${alias}`).toContain(alias);
  }
});
