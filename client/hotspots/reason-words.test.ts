import { expect, it } from 'vitest';
import { reasonInWords } from './reason-words.ts';

it('says in Vietnamese why an area was not tested, reasons within slices too', () => {
  expect(reasonInWords('slice 5: it has no value', 'vi')).toBe('kỳ 5: không có lượt kiểm tra');
  expect(reasonInWords('all values of violations are equal', 'vi')).toBe('mọi nơi có cùng giá trị');
  expect(
    reasonInWords(
      '5 slices: the test for a trend has little power below 10; the class rests on the slices alone.',
      'vi',
    ),
  ).toBe('5 kỳ: phép kiểm định xu hướng yếu khi dưới 10 kỳ; kiểu chỉ dựa vào từng kỳ.');
});

it('shows what it does not know, and English, as it came', () => {
  expect(reasonInWords('a new reason', 'vi')).toBe('a new reason');
  expect(reasonInWords('it has no value', 'en')).toBe('it has no value');
});
