import { compactKey, searchKey, storedName } from '../../contract/vietnamese-text.ts';
import type { ImportKind } from './kinds.ts';

/** Why a column must not come in: what about a person it seems to hold. */
export type PersonalColumn = { column: string; holds: string; sign: 'header' | 'content' };

// Headers are compared without case, diacritics and what stands between words. "Tên" alone names a place.
const headerRules: readonly (readonly [holds: string, pattern: RegExp])[] = [
  [
    'names of persons',
    /^(hoten|hovaten|hotendem|hotenlot|tendaydu|fullname|firstname|lastname|surname|givenname|nguoi(?!laodong|thamdu|thamgia|nghe|hoc)\w*|ten(chu|nguoi|giamdoc|quanly|canbo|congnhan|nhanvien|hocsinh|sinhvien|khach)\w*|(ho)?ten(va)?chu\w*|chu(ho|coso|so(huu)?|doanhnghiep|kinhdoanh|quan|nha|thau|hokinhdoanh)\w*|daidien\w*|nguoidaidien\w*|giamdoc|quanly|owner\w*|manager\w*|contact(name|person)?|person\w*|reporter\w*|informant\w*|lienhe\w*|doituong(viphamlienquan|vipham|biphat)?|nannhan|bican|nghipham|offender\w*|victim\w*|suspect\w*)$/,
  ],
  [
    'identity numbers',
    /(cccd|cmnd|cmtnd|cancuoc|chungminh|dinhdanhcanhan|sodinhdanh|hochieu|passport|nationalid|identity(no|number)?$|^(so)?cmt$|^idcard|^idno$|^idnumber$)/,
  ],
  ['telephone numbers', /(dienthoai|^s?dt$|^sodt|^sdt|didong|phone|mobile|^tel$|^telno|hotline|zalo)/],
  ['birth dates', /(ngaysinh|namsinh|ngaythangnamsinh|birth|^dob$|^tuoi$|^age$)/],
  [
    'personal addresses',
    /(thuongtru|tamtru|noio$|choohientai|hokhau|quequan|nguyenquan|nhario|homeaddress|diachinha$|diachinguoi|diachichu|residence)/,
  ],
  ['electronic addresses', /(email|thudientu|facebook|^fb$)/],
  [
    'photographs',
    /(^anh$|^anh(chup|the|chandung|dinhkem|hientruong)|hinhanh|chandung|photo|^image|^picture|^avatar)/,
  ],
  [
    'facts about a person',
    /(gioitinh|^gender$|^sex$|dantoc|tongiao|religion|ethnic|tiensu|tienan|^benh|hivstatus)/,
  ],
];
const freeText =
  /^(ghichu|ghichukhac|note|notes|remark|remarks|comment|comments|mota|motachitiet|description|noidung|noidungtinbao|dienbien|chitiet|details?|narrative|ykien|nhanxet|lydo|ketluan)$/;
const freeTextKinds: ReadonlySet<ImportKind> = new Set([
  'establishments',
  'outreach',
  'inspections',
  'reports',
  'training',
  'commune-plans',
  'press-items',
]);
const reportPlace = /^(diachi\w*|address\w*|noixayra\w*|vitri\w*|location|street|duong|sonha|thon|to|ngo)$/;

/** What about persons a column of this name seems to hold, if anything. */
export function personalHeader(column: string, kind: ImportKind): string | null {
  const key = compactKey(column);
  for (const [holds, pattern] of headerRules) if (pattern.test(key)) return holds;
  if (freeTextKinds.has(kind) && freeText.test(key)) return 'free text, which may tell of persons';
  if (kind === 'reports' && reportPlace.test(key)) return 'an address (of a report only its H3 cell is kept)';
  return null;
}

// Citizen identity number: 3 digits of the province (001–096), 1 of sex and century, 2 of birth year, 6 more.
const citizenNumber = /^0(0[1-9]|[1-8]\d|9[0-6])[0-9]\d{8}$/;
const telephone = /^(\+?84|0)(3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$/;
const oldIdentityNumber = /^\d{9}$/;
const electronicAddress = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;
const identifierHeader = /(^|_|\b)(id|fid|oid|osm|objectid|gid|ma|code|dientich|area|so)($|_|\b|\d)/i;
/** What about a person a single text seems to tell, if anything: a number, an address, or a name after a title or alone. */
export function personalText(text: string): string | null {
  for (const [run] of text.matchAll(/\+?\d[\d .-]{7,}\d/g)) {
    const digits = run.replace(/[ .-]/g, '');
    if (citizenNumber.test(digits)) return 'an identity number';
    if (telephone.test(digits)) return 'a telephone number';
  }
  if (/[^\s@]+@[^\s@]+\.[a-z]{2,}/i.test(text)) return 'an electronic address';
  if (/(^|[\s,(])(ông|bà|[đĐ]\/c|[đĐ]ồng chí)(\s+\p{Lu}\p{Ll}*){2}/u.test(text)) return "a person's name";
  const words = searchKey(text).split(' ');
  const alone = /^\p{Lu}\p{L}*( \p{Lu}\p{L}*){2,3}$/u.test(storedName(text));
  if (alone && surnames.has(words[0]!) && middleNames.has(words[1]!)) return "a person's name";
  return null;
}

const surnames = new Set(
  'nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh luong mai dao doan truong lam ha cao ta to quach chu'.split(
    ' ',
  ),
);
const middleNames = new Set(
  'van thi duc huu quang minh thanh ngoc xuan dinh thuy kim anh hoang cong the viet trong tien manh'.split(
    ' ',
  ),
);
const examined = 5_000;
const enoughShare = 0.2;

type Tally = {
  values: number;
  citizen: number;
  telephone: number;
  nine: number;
  electronic: number;
  names: number;
  middles: number;
};

/**
 * Watches what columns hold as rows go by. A column counts as personal when a fifth of its values (of the first 5,000)
 * look like citizen identity numbers (12 digits by their structure), telephones or electronic addresses, half like the
 * old 9-digit identity numbers, or most like full Vietnamese names. The last two are looked for where `examine` says
 * "all": licence numbers may have 9 digits, and schools are called after people.
 */
export function personalContent(examine: (column: string) => 'nothing' | 'numbers' | 'all') {
  const tallies = new Map<string, Tally>();
  let rows = 0;
  return {
    see(values: Readonly<Record<string, unknown>>): void {
      rows += 1;
      if (rows > examined) return;
      for (const column in values) {
        const value = values[column];
        if (value === null || value === undefined || value === '') continue;
        const extent = examine(column);
        if (extent === 'nothing') continue;
        if (typeof value !== 'string' && typeof value !== 'number') continue;
        let tally = tallies.get(column);
        if (!tally) {
          tally = { values: 0, citizen: 0, telephone: 0, nine: 0, electronic: 0, names: 0, middles: 0 };
          tallies.set(column, tally);
        }
        tally.values += 1;
        const text = String(value).trim();
        const digits = text.replace(/[\s.-]/g, '');
        if (citizenNumber.test(digits)) tally.citizen += 1;
        // a number cell loses the zero in front
        else if (telephone.test(digits) || (typeof value === 'number' && telephone.test(`0${digits}`)))
          tally.telephone += 1;
        else if (extent === 'all' && oldIdentityNumber.test(digits) && !identifierHeader.test(column))
          tally.nine += 1;
        else if (text.includes('@') && electronicAddress.test(text)) tally.electronic += 1;
        else if (extent === 'all' && /^\p{Lu}\p{L}*( \p{Lu}\p{L}*){1,4}$/u.test(text)) {
          const words = searchKey(text).split(' ');
          if (words.length >= 2 && surnames.has(words[0]!)) {
            tally.names += 1;
            if (words.length >= 3 && words.slice(1, -1).some((word) => middleNames.has(word)))
              tally.middles += 1;
          }
        }
      }
    },
    found(): PersonalColumn[] {
      return [...tallies].flatMap(([column, tally]): PersonalColumn[] => {
        const share = (count: number) => count / tally.values;
        const holds =
          share(tally.citizen) >= enoughShare
            ? 'identity numbers of 12 digits'
            : share(tally.telephone) >= enoughShare
              ? 'telephone numbers'
              : share(tally.nine) >= 0.5
                ? 'identity numbers of 9 digits'
                : share(tally.electronic) >= enoughShare
                  ? 'electronic addresses'
                  : share(tally.names) >= 0.6 && share(tally.middles) >= 0.3
                    ? 'names of persons'
                    : null;
        return holds ? [{ column, holds, sign: 'content' }] : [];
      });
    },
  };
}
