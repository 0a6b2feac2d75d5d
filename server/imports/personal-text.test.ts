import { describe, expect, it } from 'vitest';
import { personalText } from './personal-text.ts';

describe('personalText', () => {
  it.each([
    ['037085001234', 'an identity number'],
    ['Sở Y tế (CCCD 037 085 001234)', 'an identity number'],
    ['Sở Y tế 0912.345.678', 'a telephone number'],
    ['+84912345678', 'a telephone number'],
    ['y-te@example.vn', 'an electronic address'],
    ['đ/c Trần Thị Bưởi', "a person's name"],
    ['Đồng chí Lê Văn Tám, Công an tỉnh', "a person's name"],
    ['Nguyễn Văn An', "a person's name"],
  ])('sees %s', (text, holds) => expect(personalText(text)).toBe(holds));

  it.each([
    'Sở Y tế',
    'UBND xã Gia Viễn',
    'Công an tỉnh Ninh Bình',
    'Trường THPT Nguyễn Văn Cừ',
    'UBND phường Hoàng Văn Thụ',
    'Đội kiểm tra liên ngành 178',
    'Trung tâm Y tế Bà Rịa',
    'Lớp 12, khóa 2026-2027',
    'Ban Chỉ huy Quân sự xã Trần Phú',
  ])('takes %s', (text) => expect(personalText(text)).toBeNull());
});
