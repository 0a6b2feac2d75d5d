// Pure and without imports: the server's imports and the client's search fold names in the same way.

const toneMarks = '\u0300\u0301\u0303\u0309\u0323';

const plainAscii = /^[!-~]+(?: [!-~]+)*$/;

/**
 * A name as it is stored: NFC, single spaces, no space around. Nothing of its spelling is changed.
 */
export function storedName(text: string): string {
  if (plainAscii.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\s\u00a0\u200b\ufeff]+/gu, ' ')
    .trim();
}

/**
 * What two spellings of one name share: lower case, and the tone mark of oa, oe and uy on the second vowel, so that
 * Hòa = Hoà and Thủy = Thuỷ. Diacritics are kept: Đông Sơn ≠ Đồng Sơn.
 */
export function nameKey(text: string): string {
  return storedName(text)
    .toLowerCase()
    .normalize('NFD')
    .replace(new RegExp(`(o)([${toneMarks}])([ae])`, 'g'), '$1$3$2')
    .replace(new RegExp(`(u)([${toneMarks}])(y)`, 'g'), '$1$3$2')
    .normalize('NFC');
}

/**
 * What a search without diacritics compares, never what identity does: "Đồng Văn" → "dong van".
 * NFD does not take đ apart, so it is replaced by hand.
 */
export function searchKey(text: string): string {
  return storedName(text).toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
}

/** Headers and labels as they are compared: no diacritics, no case, nothing between the words. "Mã_Xã" → "maxa". */
export function compactKey(text: string): string {
  return searchKey(text).replace(/[^a-z0-9]+/g, '');
}

/** The first letter as a capital, for a name or a sentence that begins with a word such as "xã". */
export const upperFirst = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);
