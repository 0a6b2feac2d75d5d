import type { AuditLine } from '../../contract/audit.ts';

/** What a spreadsheet is given of a line, in the order of its columns. */
const columns: readonly [head: string, of: (line: AuditLine) => string | number | null][] = [
  ['Vị trí', ({ position }) => position],
  ['Thời điểm (giờ Việt Nam)', ({ at }) => inVietnam(at)],
  ['Tài khoản', ({ account }) => account],
  ['Vai trò', ({ role }) => role],
  ['Xã, phường', ({ commune }) => commune],
  ['Địa chỉ máy', ({ address }) => address],
  ['Sự kiện', ({ event }) => event],
  ['Nội dung', ({ sentence }) => sentence.vi],
  ['Đường dẫn', ({ endpoint }) => endpoint],
  ['Tham số', ({ filters }) => filters && JSON.stringify(filters)],
  ['Số dòng về từng cơ sở', ({ rows }) => rows],
  ['Thay đổi', ({ change }) => change && JSON.stringify(change)],
  ['Chi tiết', ({ facts }) => facts && JSON.stringify(facts)],
  ['Mã băm SHA-256', ({ hash }) => hash],
];

/** `2026-11-24 09:05:00`, which spreadsheets take for a time. */
const inVietnam = (at: string): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });

/** As Vietnamese spreadsheets open them: a byte-order mark, semicolons. */
export const csvHead = `\ufeff${csvRow(columns.map(([head]) => head))}`;

export const csvLine = (line: AuditLine): string => csvRow(columns.map(([, of]) => of(line)));

function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : quoted(String(cell)))).join(';')}\r\n`;
}

// What begins like a formula is made text: an account tried at sign-in may be anything.
function quoted(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /["\n\r;]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A line of an archive: `sealed` is the text whose SHA-256 is `hash`. */
export type ArchiveLine = {
  position: number;
  hash: string;
  sealed: string;
  /** An activity's row before and after, and the salt: SHA-256 of both is `content` in what was sealed. Not in an admin's export. */
  salt?: string | null;
  content?: string | null;
};

export const archiveLine = ({ position, hash, sealed, salt, content }: ArchiveLine): string =>
  `${JSON.stringify({ position, hash, sealed, ...(content ? { salt, content } : {}) })}\n`;
