import type { AuditChange } from '../../contract/audit.ts';
import type { Sentence } from '../../contract/provenance.ts';

type Said = {
  event: string;
  account: string | null;
  role: string;
  endpoint: string | null;
  filters: Readonly<Record<string, unknown>> | null;
  rows: number | null;
  change: AuditChange | null;
  facts: Readonly<Record<string, unknown>> | null;
};

const both = (vi: string, en: string): Sentence => ({ vi, en });

/** What was read, by endpoint. */
const readings: Readonly<Record<string, Sentence>> = {
  'GET /ogc/collections/:collectionId/items': both('danh sách cơ sở', 'the list of establishments'),
  'GET /ogc/collections/:collectionId/items/:featureId': both('một cơ sở', 'one establishment'),
  'GET /tiles/:collections/:z/:x/:file': both('bản đồ cơ sở', 'the map of establishments'),
  'GET /api/coverage/indicators/:indicator/rows': both(
    'các hoạt động được tính vào một chỉ tiêu',
    'the activities that an indicator counts',
  ),
  'GET /api/coverage/inspections/never': both(
    'danh sách cơ sở lâu chưa được kiểm tra',
    'the list of establishments not inspected for long',
  ),
  'GET /api/coverage/reach': both('phạm vi của tuyên truyền', 'the reach of outreach'),
  'GET /api/coverage/gaps': both('khoảng trống tuyên truyền', 'the gaps of outreach'),
  'GET /api/coverage/near-misses': both('các xã suýt đạt tuyên truyền', 'communes that nearly had outreach'),
  'GET /api/activities/places': both('danh sách địa điểm của một xã', 'the list of places of a commune'),
  'GET /api/hotspots/density': both('bản đồ mật độ', 'the density map'),
  'GET /api/hotspots/relative-risk': both('bản đồ nguy cơ tương đối', 'the map of relative risk'),
  'GET /api/hotspots/local': both('bản đồ điểm nóng theo xã', 'the map of hotspots by commune'),
  'GET /api/activities/outreach': both('danh sách buổi tuyên truyền', 'the list of outreach sessions'),
  'GET /api/activities/inspections': both('danh sách lượt kiểm tra', 'the list of inspections'),
};

const kinds: Readonly<Record<string, Sentence>> = {
  outreach: both('buổi tuyên truyền', 'outreach session'),
  inspections: both('lượt kiểm tra', 'inspection'),
  reports: both('tin báo', 'report'),
  'commune-plans': both('kế hoạch cấp xã', 'commune plan'),
  training: both('lớp tập huấn', 'training'),
  'press-items': both('tin, bài báo chí', 'press item'),
};

/** Columns as an office calls them. */
const fields: Readonly<Record<string, Sentence>> = {
  reference: both('số hiệu', 'reference'),
  held_on: both('ngày tổ chức', 'day held'),
  form: both('hình thức', 'form'),
  audience: both('đối tượng', 'audience'),
  commune_code: both('xã, phường', 'commune'),
  industrial_park_id: both('khu công nghiệp', 'industrial park'),
  dormitory_id: both('khu lưu trú', 'dormitory'),
  school_id: both('trường học', 'school'),
  establishment_id: both('cơ sở', 'establishment'),
  attendance: both('số người dự', 'attendance'),
  inspected_on: both('ngày kiểm tra', 'day inspected'),
  team_level: both('cấp của đội', 'team level'),
  outcome: both('kết quả', 'outcome'),
  ground: both('căn cứ', 'ground'),
  received_on: both('ngày tiếp nhận', 'day received'),
  due_on: both('hạn xử lý', 'day due'),
  status: both('tình trạng', 'status'),
  resolved_on: both('ngày giải quyết', 'day resolved'),
  h3_cell: both('ô bản đồ', 'map cell'),
  year: both('năm', 'year'),
  issued_on: both('ngày ban hành', 'day issued'),
  integrated_with: both('chương trình lồng ghép', 'programmes integrated'),
  unit: both('đơn vị', 'unit'),
  officers_attending: both('số cán bộ dự', 'officers attending'),
  officers_in_post: both('số cán bộ hiện có', 'officers in post'),
  published_on: both('ngày đăng', 'day published'),
  outlet_level: both('cấp báo chí', 'outlet level'),
  withdrawal_reason: both('lý do rút', 'reason of withdrawal'),
};

const roleNames: Readonly<Record<string, Sentence>> = {
  planner: both('lập kế hoạch', 'planner'),
  inspector: both('kiểm tra', 'inspector'),
  leader: both('lãnh đạo', 'leader'),
  commune: both('cấp xã', 'commune'),
  admin: both('quản trị', 'admin'),
};

const whole = (count: number, locale: string) => count.toLocaleString(locale);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const named = (names: Readonly<Record<string, Sentence>>, key: string): Sentence =>
  names[key] ?? both(key, key);

/** Done by who has signed in with the right password and not by who is signed in: the line's own account is still nobody. */
const byTheAccountItself = new Set(['signed-in', 'signed-out', 'signed-out-everywhere', 'password-changed']);

function who({ account, role, event, facts }: Said): Sentence {
  const itself = role === 'visitor' && byTheAccountItself.has(event) ? textOf(facts?.account) : '';
  if (itself) return both(`Tài khoản ${itself}`, `The account ${itself}`);
  if (role === 'owner') return both('Người giữ máy chủ', 'The keeper of the machine');
  if (role === 'visitor' || account === null)
    return both('Người chưa đăng nhập', 'Somebody who is not signed in');
  const { vi, en } = named(roleNames, role);
  return both(`Tài khoản ${account} (${vi})`, `The account ${account} (${en})`);
}

/** What a line of the log says, as a sentence without its time. */
export function auditSentence(line: Said): Sentence {
  const subject = who(line);
  const { vi, en } = predicate(line);
  return both(`${subject.vi} ${vi}.`, `${subject.en} ${en}.`);
}

function predicate(line: Said): Sentence {
  const { event, facts, change } = line;
  switch (event) {
    case 'premises-read':
      return reading(line);
    case 'activity-recorded':
      return changing(both('ghi mới', 'recorded'), change);
    case 'activity-corrected':
      return changing(both('sửa', 'corrected'), change);
    case 'activity-withdrawn':
      return changing(both('rút', 'withdrew'), change);
    case 'activity-deleted':
      return changing(both('xóa', 'deleted'), change);
    case 'imported':
      return imported(facts);
    case 'rows-changed': {
      const rows = changedRows(facts);
      return both(
        `thay đổi ${whole(rows, 'vi-VN')} dòng dữ liệu từ dòng lệnh`,
        `changed ${whole(rows, 'en-GB')} rows from the command line`,
      );
    }
    case 'log-read':
      return both('xem nhật ký', 'read the log');
    case 'log-exported':
      return both('xuất nhật ký ra tệp', 'exported the log to a file');
    case 'line-missing':
      return both(
        `không tìm thấy dòng nhật ký số ${facts?.line}: dòng này đã bị lấy đi trước khi niêm phong`,
        `did not find line ${facts?.line} of the log: it was taken out before it was sealed`,
      );
    case 'retention':
      return both(
        'gộp tin báo cũ thành số đếm theo xã và tháng',
        'folded old reports into counts by commune and month',
      );
    default:
      return aboutAccount(line);
  }
}

function reading({ endpoint, filters, rows, facts }: Said): Sentence {
  const what = readings[endpoint ?? ''] ?? readingOfActivity(endpoint ?? '');
  const commune = textOf(filters?.commune ?? filters?.commune_code);
  const where = commune ? both(` của xã ${commune}`, ` of commune ${commune}`) : both('', '');
  const left =
    facts?.notModified === true
      ? both('không thay đổi so với lần xem trước', 'unchanged since they read it before')
      : rows === null
        ? both('chưa rõ số dòng', 'rows not known')
        : rows === 0
          ? both('không có dòng nào về từng cơ sở', 'no row about single premises')
          : both(
              `${whole(rows, 'vi-VN')} dòng về từng cơ sở`,
              `${whole(rows, 'en-GB')} ${rows === 1 ? 'row' : 'rows'} about single premises`,
            );
  return both(`xem ${what.vi}${where.vi}: ${left.vi}`, `read ${what.en}${where.en}: ${left.en}`);
}

/** Of an activity's own addresses: a record, its history, or the answer to what was recorded. */
function readingOfActivity(endpoint: string): Sentence {
  const [, method, kind, rest = ''] = /^([A-Z]+) \/api\/activities\/([a-z-]+)(\/.*)?$/.exec(endpoint) ?? [];
  if (!method || !kind) return both(`dữ liệu tại ${endpoint}`, `what is at ${endpoint}`);
  const { vi, en } = named(kinds, kind);
  if (rest.endsWith('/history')) return both(`lịch sử một ${vi}`, `the history of one ${en}`);
  return method === 'GET'
    ? both(`một ${vi}`, `one ${en}`)
    : both(`${vi} vừa ghi`, `the ${en} being recorded`);
}

function changing(verb: Sentence, change: AuditChange | null): Sentence {
  if (!change) return both(`${verb.vi} một bản ghi`, `${verb.en} a record`);
  const { vi, en } = named(kinds, change.kind);
  const list = change.fields.map((field) => named(fields, field));
  const touched = list.length && verb.vi === 'sửa';
  return both(
    `${verb.vi} ${vi} số ${change.id} (phiên bản ${change.version})${touched ? `: ${list.map((one) => one.vi).join(', ')}` : ''}`,
    `${verb.en} ${en} ${change.id} (version ${change.version})${touched ? `: ${list.map((one) => one.en).join(', ')}` : ''}`,
  );
}

function imported(facts: Said['facts']): Sentence {
  const imports = Array.isArray(facts?.imports) ? (facts.imports as Record<string, unknown>[]) : [];
  const rows = changedRows(facts);
  const source = imports.length === 1 ? ` ${textOf(imports[0]!.source)}` : '';
  return both(
    `nhập ${imports.length === 1 ? `tệp${source}` : `${imports.length} tệp`}: ${whole(rows, 'vi-VN')} dòng thay đổi`,
    `imported ${imports.length === 1 ? `the file${source}` : `${imports.length} files`}: ${whole(rows, 'en-GB')} rows changed`,
  );
}

function changedRows(facts: Said['facts']): number {
  let rows = 0;
  for (const table of Object.values((facts?.tables ?? {}) as Record<string, Record<string, unknown>>))
    for (const count of Object.values(table)) if (typeof count === 'number') rows += count;
  return rows;
}

const accountEvents: Readonly<Record<string, (tried: string) => Sentence>> = {
  'signed-in': () => both('đăng nhập', 'signed in'),
  'sign-in-refused': (tried) =>
    both(
      `đăng nhập không thành công${tried && ` với tài khoản ${tried}`}`,
      `failed to sign in${tried && ` as ${tried}`}`,
    ),
  'sign-in-slowed': (tried) =>
    both(
      `nhập sai mật khẩu nhiều lần${tried && ` của tài khoản ${tried}`}: các lần thử sau bị làm chậm`,
      `gave many wrong passwords${tried && ` of ${tried}`}: further tries are slowed`,
    ),
  'signed-out': () => both('đăng xuất', 'signed out'),
  'signed-out-everywhere': (of) =>
    both(`đăng xuất mọi nơi${of && ` tài khoản ${of}`}`, `signed ${of ? `${of} ` : ''}out everywhere`),
  'account-made': (of) => both(`lập tài khoản ${of}`, `made the account ${of}`),
  'account-changed': (of) => both(`sửa tài khoản ${of}`, `changed the account ${of}`),
  'account-closed': (of) => both(`khóa tài khoản ${of}`, `closed the account ${of}`),
  'account-opened': (of) => both(`mở lại tài khoản ${of}`, `opened the account ${of} again`),
  'password-changed': (of) =>
    both(`đổi mật khẩu${of && ` của ${of}`}`, `changed the password${of && ` of ${of}`}`),
  'token-made': () => both('tạo mã truy cập', 'made an access token'),
  'token-revoked': () => both('thu hồi mã truy cập', 'revoked an access token'),
};

function aboutAccount({ event, facts, account, role }: Said): Sentence {
  const of = textOf(facts?.account);
  const itself = of === account || (role === 'visitor' && byTheAccountItself.has(event));
  const told = accountEvents[event]?.(itself ? '' : of);
  return told ?? both(`thực hiện: ${event}`, `did: ${event}`);
}
