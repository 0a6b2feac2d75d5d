import type { Language } from '../i18n/language.ts';

// Reasons and warnings come from the server in English, since the command line prints them too. What is not listed here
// is shown as it came: better in another language than not at all.
const vietnamese: [pattern: RegExp, words: (...found: string[]) => string][] = [
  [/^no inspection in the period/, () => 'không có lượt kiểm tra nào trong kỳ nên không có tỷ lệ'],
  [/^slice (\d+): (.*)$/, (slice, reason) => `kỳ ${slice}: ${reasonInWords(reason!, 'vi')}`],
  [/^it has no value$/, () => 'không có lượt kiểm tra'],
  [/^it has no neighbours$/, () => 'không giáp xã, phường nào trên bản đồ'],
  [/^none of its neighbours has a value$/, () => 'các xã, phường giáp ranh đều không có số liệu'],
  [
    /^all (other areas have the same value|values .*are equal|values are equal)/,
    () => 'mọi nơi có cùng giá trị',
  ],
  [/^all areas are its neighbours/, () => 'mọi nơi đều giáp nơi này nên không có gì để so'],
  [/^its value equals the mean/, () => 'giá trị đúng bằng trung bình nên không kiểm định được'],
  [/^fewer than \d+ areas have a value \((\d+)\)/, (count) => `chỉ có ${count} nơi có số liệu`],
  [
    /^(\d+) slices: the test for a trend/,
    (count) => `${count} kỳ: phép kiểm định xu hướng yếu khi dưới 10 kỳ; kiểu chỉ dựa vào từng kỳ.`,
  ],
  [/^Only (\d+) areas have a value/, (count) => `Chỉ ${count} nơi có số liệu; phép kiểm định cần khoảng 30.`],
  [
    /^(\d+) areas? ha(?:s|ve) no neighbours with a value/,
    (count) => `${count} nơi không giáp nơi nào có số liệu nên không kiểm định được.`,
  ],
];

/** Why something was not tested, or what to mind, in the language of the page. */
export function reasonInWords(reason: string, language: Language): string {
  if (language === 'vi') {
    for (const [pattern, words] of vietnamese) {
      const match = pattern.exec(reason);
      if (match) return words(...match.slice(1));
    }
  }
  return reason;
}
