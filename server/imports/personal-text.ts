import { searchKey, storedName } from '../../contract/vietnamese-text.ts';

export type PersonalSign =
  | 'an identity number'
  | 'a telephone number'
  | 'an electronic address'
  | "a person's name";

// Citizen identity number (Decree 70/2024): 3 digits of the province (001–096), 1 of sex and century, 2 of birth year, 6
// more. Of today's people the century is the 20th or 21st: 0 to 3.
const citizenNumber = /^0(0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}$/;
const telephone = /^(\+?84|0)(3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$/;
// Lines of places count too: they lead to whoever answers. 02, two or three digits of the province, seven or eight.
const landline = /^(\+?84|0)2\d{9}$/;
const separators = /[\s.\-–()/]/g;

export const isCitizenNumber = (digits: string): boolean => citizenNumber.test(digits);
export const isTelephone = (digits: string): boolean => telephone.test(digits) || landline.test(digits);

/** Digits as people part them: blanks, dots and dashes between groups. */
export const digitsOf = (text: string): string => text.replace(separators, '');

const surnames = new Set(
  'nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh luong mai dao doan truong lam ha cao ta to quach chu luu nghiem ninh tong thai'.split(
    ' ',
  ),
);
const middleNames = new Set(
  'van thi duc huu quang minh thanh ngoc xuan dinh thuy kim anh hoang cong the viet trong tien manh thu hong'.split(
    ' ',
  ),
);

/** A full Vietnamese name and nothing else: how sure, by its words. */
export function nameAlone(text: string): 'no' | 'surname' | 'surname and middle name' {
  if (!/^\p{Lu}\p{L}*( \p{Lu}\p{L}*){1,4}$/u.test(text)) return 'no';
  const words = searchKey(text).split(' ');
  if (!surnames.has(words[0]!)) return 'no';
  return words.length >= 3 && words.slice(1, -1).some((word) => middleNames.has(word))
    ? 'surname and middle name'
    : 'surname';
}

// "Ông Nguyễn Văn A": a title and at least two capitalised words. Bà Rịa is a town.
const titled =
  /(^|[\s,(:;.])(ông|bà(?! Rịa)|anh|chị|cháu|[đĐ]\/c|[đĐ]ồng chí|Ông|Bà(?! Rịa)|Anh|Chị|Cháu|ONG|BÀ|ÔNG)(:? |\.)(\p{Lu}\p{L}*)( \p{Lu}\p{L}*)+/u;
// "… Nguyễn Văn A …" or "NGUYỄN THỊ B": Văn and Thị stand in most names and hardly in any place's own.
const within =
  /(?<!\p{L})(Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Lương|Mai|Đào|Đoàn|Trương|Lâm|Hà|Cao|Tạ|Tô|Quách|Chu|Lưu|NGUYỄN|TRẦN|LÊ|PHẠM|HOÀNG|PHAN|VŨ|VÕ|ĐẶNG|BÙI|ĐỖ|HỒ|NGÔ|DƯƠNG|LÝ|ĐINH|TRỊNH) (?:\p{Lu}\p{L}* )?(Văn|Thị|VĂN|THỊ) \p{Lu}\p{L}*(?: \p{Lu}\p{L}*)?/gu;
// Streets, wards, schools and parks bear names of persons: after a word for a place, or a house number, it is one.
const placeBefore =
  /(đường|phố|ngõ|ngách|hẻm|phường|xã|thị trấn|quận|huyện|thôn|xóm|tổ|khu|cụm|trường|thpt|thcs|tiểu học|mầm non|đại học|cao đẳng|bệnh viện|công viên|quảng trường|cầu|chợ|bến|kcn|ccn|ktx|ký túc xá|số|sn|\d[\w/]*)[\s,.:]*$/iu;
// Whom so many places are named for that the name alone tells of a place.
const honoured = new Set([
  'nguyen van cu',
  'nguyen van troi',
  'nguyen van linh',
  'nguyen van huyen',
  'nguyen thi minh khai',
  'nguyen thi dinh',
  'hoang van thu',
  'le van tam',
  'vo thi sau',
  'pham van dong',
  'luong van tuy',
  'luong van thang',
  'ly van lam',
  'tran van on',
  'phan van tri',
]);

/** A name of a person within a text: after a title, or by Văn or Thị where no place is named. */
export function nameWithin(text: string): boolean {
  if (titled.test(text)) return true;
  for (const match of text.matchAll(within)) {
    if (placeBefore.test(text.slice(Math.max(0, match.index - 40), match.index))) continue;
    const name = searchKey(match[0]);
    if (![...honoured].some((known) => name.startsWith(known))) return true;
  }
  return false;
}

/** What is longer is a document: its beginning tells what it is, and no expression runs over a megabyte. */
const examinedCharacters = 2_000;

/** What about a person a single text tells, if anything: a number, an address, or a name after a title, alone or within it. */
export function personalText(whole: string): PersonalSign | null {
  const text = whole.length > examinedCharacters ? whole.slice(0, examinedCharacters) : whole;
  for (const [run] of text.matchAll(/\+?\(?\d[\d .\-–()/]{7,}\d/g)) {
    const digits = digitsOf(run);
    if (isCitizenNumber(digits)) return 'an identity number';
    if (isTelephone(digits)) return 'a telephone number';
  }
  if (text.includes('@') && /[^\s@]+@[^\s@]+\.[a-z]{2,}/i.test(text)) return 'an electronic address';
  const stored = storedName(text);
  if (nameWithin(stored)) return "a person's name";
  const words = searchKey(stored).split(' ');
  if (
    /^\p{Lu}\p{L}*( \p{Lu}\p{L}*){2,3}$/u.test(stored) &&
    surnames.has(words[0]!) &&
    middleNames.has(words[1]!) &&
    !honoured.has(words.join(' '))
  )
    return "a person's name";
  return null;
}
