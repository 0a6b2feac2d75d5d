import { compactKey } from '../../contract/vietnamese-text.ts';
import type { ImportKind } from './kinds.ts';

// Headers are compared without case, diacritics and what stands between words. "Tên" alone names a place; "chủ đầu tư",
// "cơ quan quản lý" and "chủ quản" are offices. "Người lao động" and its like are counts.
const headerRules: readonly (readonly [holds: string, pattern: RegExp])[] = [
  [
    'names of persons',
    /ho(va)?ten|hotendem|^tendaydu$|^tengoikhac|^tenthuonggoi|^bidanh|^fullname$|firstname|lastname|surname|givenname|^nguoi(?!laodong|thamdu|thamgia|nghe|hoc)\w*|ten(chu(?!trinh|de|ong)|nguoi|giamdoc|quanly|canbo|congnhan|nhanvien|hocsinh|sinhvien|khach|doituong|nannhan|con$|vo$|chong$|cha$|me$|bo$)\w*|^(thongtin)?chu(ho|coso|so(huu)?|dn|doanhnghiep|kinhdoanh|quan(?!ly)(an|karaoke|bar)?|nha|thau|tro|hokinhdoanh|xe)\w*$(?<!chuquan$)|daidien|dai?dienphapluat|^nguoidd|ddpl|^giamdoc|^quanly$|phutrach$|^phutrach|^(truong|pho)(nhom|doan|ban|phong|thon|xom|todanpho)|^thanhvien|^owner(?!ship)\w*|^manager\w*|contact(name|person)|^contacts?$|^person\w*|representative|^legalrep|reporter\w*|informant\w*|^lienhe|^doituong(viphamlienquan|vipham|biphat)|nannhan|bican|nghipham|offender\w*|victim\w*|suspect\w*|^chuky|^danhsach(nhanvien|nguoi|congnhan|hocsinh|khach)/,
  ],
  [
    'identity numbers',
    /(cccd|cmnd|cmtnd|cancuoc|chungminh|dinhdanh(canhan)?$|sodinhdanh|ddcn|giaytotuythan|^sogiayto$|gttt|hochieu|passport|nationalid|identity(no|number|card)?$|^(so)?cmt$|^idcard|^idno$|^idnumber$|^so(bhyt|bhxh|baohiem)|baohiem(yte|xahoi)|thuecanhan|^mstcanhan|biensoxe|bienkiemsoat|sotaikhoan|taikhoannganhang|vantay|fingerprint)/,
  ],
  [
    'telephone numbers',
    /(dienthoai|^s?dt$|^sodt|^sdt|dtdd|^dtlienhe|^dtban|didong|phone|mobile|^tel$|^telno|^faxtel$|^telfax$|hotline|zalo|viber|whatsapp)/,
  ],
  ['birth dates', /(ngaysinh|namsinh|ngaythangnamsinh|^nsinh$|birth|^dob$|^(do)?tuoi$|^age$|noisinh)/],
  [
    'personal addresses',
    /(thuongtru|tamtru|^noio($|hien|hnay)|choohien|hokhau|hktt|quequan|nguyenquan|nhario|nharieng|homeaddress|diachinha$|diachinguoi|diachichu|residence)/,
  ],
  ['electronic addresses', /(^e?mail$|email(?!sent)|thudientu|facebook|^fb$)/],
  [
    'photographs',
    /(^anh$|^anh(chup|the|chandung|dinhkem|hientruong)|hinhanh|chandung|photo|^image|^picture|^avatar)/,
  ],
  [
    'facts about a person',
    /(gioitinh|^namnu$|^gender$|^sex$|dantoc|tongiao|religion|ethnic|quoctich|nationality|^nghenghiep$|honnhan|marital|tiensu|tienan|^benh|hiv(status)?$|trinhdo(hocvan|vanhoa)?$)/,
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
  const key = compactKey(column).replace(/^\d+(?=[a-z])/, '');
  for (const [holds, pattern] of headerRules) if (pattern.test(key)) return holds;
  if (freeTextKinds.has(kind) && freeText.test(key)) return 'free text, which may tell of persons';
  if (kind === 'reports' && reportPlace.test(key)) return 'an address (of a report only its H3 cell is kept)';
  return null;
}
