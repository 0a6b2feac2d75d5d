import { shortestPassword } from '../../contract/access-endpoints.ts';
import type { Fault } from '../../contract/problem.ts';

// What guessers try first that is long enough: words of twelve letters are few, so it is a word with digits behind it, a walk over
// the keyboard, a row of digits, or a greeting. Compared without case, diacritics and everything that is no letter or digit.
const commonWords = [
  'admin',
  'administrator',
  'anhyeuem',
  'bankiemtra',
  'chucmungnammoi',
  'changeme',
  'concobebe',
  'conyeume',
  'congan',
  'default',
  'diaban',
  'doimatkhau',
  'emyeuanh',
  'football',
  'giadinh',
  'hanhphuc',
  'hochiminh',
  'iloveyou',
  'kehoach',
  'khongbiet',
  'khongcomatkhau',
  'letmein',
  'maiyeuem',
  'master',
  'matkhau',
  'matkhaucuatoi',
  'matkhaumoi',
  'matkhaumacdinh',
  'ninhbinh',
  'password',
  'princess',
  'quantri',
  'quantrihethong',
  'soyte',
  'sunshine',
  'superman',
  'toiyeuem',
  'toiyeuvietnam',
  'trustno',
  'ubnd',
  'vietnam',
  'vietnamvodich',
  'welcome',
  'xinchao',
  'xinchaovietnam',
  'yeuem',
  'qwertyuiop',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwerty',
  'qazwsxedc',
  'qazwsxedcrfv',
  'zaqwsx',
  'asdfghjkl',
  'zxcvbnm',
];
const rows = ['01234567890123456789', '98765432109876543210', 'abcdefghijklmnopqrstuvwxyz'];

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
const withoutDigitsAround = (text: string) => text.replace(/^\d+|\d+$/g, '');
/** `P@ssw0rd2026!` and `m@tkh@u123` are tried beside what they stand for. */
const spelledOut = (text: string) =>
  text
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
    .replace(/[@4]/g, 'a')
    .replace(/0/g, 'o')
    .replace(/[1!]/g, 'i')
    .replace(/3/g, 'e')
    .replace(/[5$]/g, 's');
/** `abcabcabc` is `abc` to whoever guesses. */
const unitOf = (text: string): string => /^(.+?)\1+$/.exec(text)?.[1] ?? text;

function isCommon(password: string): boolean {
  const words = new Set(commonWords);
  return [folded(password), folded(spelledOut(password))].some((form) => {
    const unit = unitOf(form);
    return (
      words.has(form) ||
      // a word with nothing but digits around it
      words.has(unitOf(withoutDigitsAround(form))) ||
      (unit !== '' && rows.some((row) => row.includes(unit)))
    );
  });
}

type Refusal = { rule: string; vi: string; en: string };

/**
 * Why a password is not taken, or null. By NIST SP 800-63B: it is long, it is not what guessers try first and not the name of the
 * account; what it is made of is nobody's business.
 */
export function passwordRefusal(password: string, account: string): Refusal | null {
  const characters = [...password.normalize('NFKC')];
  if (characters.length < shortestPassword)
    return {
      rule: 'password-too-short',
      vi: `mật khẩu có ít nhất ${shortestPassword} ký tự`,
      en: `a password of at least ${shortestPassword} characters`,
    };
  const name = folded(account);
  if (
    name.length >= 3 &&
    folded(password).replaceAll(name, '').replace(/\d/g, '').length < 4 &&
    folded(password).includes(name)
  )
    return {
      rule: 'password-is-account',
      vi: 'mật khẩu khác với tên tài khoản',
      en: 'a password that is not the name of the account',
    };
  // twelve characters of which there are only three or four
  if (new Set(characters).size < 5 || isCommon(password))
    return {
      rule: 'password-too-common',
      vi: 'mật khẩu không nằm trong số những mật khẩu bị đoán thử trước tiên',
      en: 'a password that is not among the first that are tried',
    };
  return null;
}

export function passwordFault(password: string, account: string, field: string): Fault | null {
  const refusal = passwordRefusal(password, account);
  return refusal && { field, rule: refusal.rule, message: { vi: refusal.vi, en: refusal.en } };
}
