import fc from 'fast-check';
import { roles } from '../../../contract/access.ts';
import { accessPolicy } from '../../../contract/access-policy.ts';

// Requests drawn over the whole route table: every method and path of it, as every role and as nobody, with what belongs
// there and with what does not: wrong types, sizes, encodings, injections, Unicode, repeated parameters, other methods,
// other content types, bodies cut short.

export type FuzzedRequest = {
  who: (typeof askers)[number];
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
};
export const askers = [...roles, 'nobody'] as const;

const injections = [
  "' or 1=1 --",
  "'; drop table communes; --",
  '1; select pg_sleep(10)',
  "\\'; select 1; --",
  '$1',
  '%27',
  "10003' union select license_number from establishments --",
  'diaban_planner',
  '#{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..%2f..%2fpackage.json',
  'file:///etc/passwd',
  'a\r\nX-Injected: 1',
  'a%0d%0aX-Injected:1',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
];
const texts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202egnp.exe',
  '\ufeff',
  '😀'.repeat(20),
  'Đông Sơn',
  'Đông Sơn'.normalize('NFD'),
  'ｆｕｌｌ',
  'a'.repeat(3_000),
  'null',
  'undefined',
  'NaN',
  '[]',
  '{}',
  '%',
  '%E0%A4%A',
  '%00',
  '\\',
  '"',
];
const numbers = [
  '0',
  '-1',
  '1e309',
  '-0',
  '0x10',
  '1.5',
  '2147483648',
  '9223372036854775808',
  '9'.repeat(400),
  '００１',
];
const days = [
  '2026-02-31',
  '2026-13-01',
  '9999-12-31',
  '0000-00-00',
  '275760-09-14',
  '2026-05-04',
  '2026-11-01',
  '1900-01-01',
  'today',
];
const belonging = [
  '10003',
  '10007',
  '99999',
  '2026',
  'reports',
  'communes',
  'establishments',
  'schools',
  'industrial-parks',
  'places',
  'students-reached',
  'reports-resolved',
  'communes-with-outreach',
  'karaoke',
  'commune',
  'mountainous',
  'month',
  'Q3',
  'H1',
  'csv',
  'json',
  'xlsx',
  'docx',
  'all',
  'true',
  'auto',
  'none',
  'gi-star',
  'queen',
  'knn:4',
  'inspections',
  '106,20,107,21',
  '106.35,20.05',
  '0.mvt',
  '25.mvt',
  '1',
  '2',
  '17',
  '40',
  '120',
  '300',
  'withdrawn',
  'xa-10003',
  'so-y-te-1',
];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...belonging) },
  { weight: 2, arbitrary: fc.constantFrom(...days) },
  { weight: 2, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: fc.constantFrom(...texts) },
  { weight: 2, arbitrary: fc.constantFrom(...injections) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 500 }).map(String) },
);

const parameters = [
  ...'asOf year indicator by format period from to category stream bandwidthMeters events grid statistic measure weights p permutations seed unit model maximumShare timeUnit slice bbox limit datetime f skipGeometry properties code after commune withdrawn text collections placeReference on token months radius population audience minPeople status outcome account kind crs bbox-crs'.split(
    ' ',
  ),
  '__proto__',
  'constructor',
  'a[b]',
  'a[]',
  'commune[]',
  'commune.x',
  '',
  'toString',
];
const encoded = (text: string) =>
  fc.boolean().map((plain) => (plain ? text : encodeURIComponent(text.toWellFormed())));
/** As it may stand on a request line: what Node's client refuses to send is left out; raw bytes are tried elsewhere. */
const sendable = (text: string) =>
  text.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character.toWellFormed()));

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(...parameters),
      value.chain(encoded),
      fc.constantFrom(false, false, false, true),
    ),
    { maxLength: 4, size: 'xsmall' },
  )
  .map((pairs) =>
    pairs
      .flatMap(([name, given, twice]) =>
        twice ? [`${name}=${given}`, `${name}=${given}`] : [`${name}=${given}`],
      )
      .join('&'),
  );

const lines = Object.keys(accessPolicy).map((line) => line.split(' ') as [method: string, path: string]);
const pathOf = (pattern: string) =>
  fc
    .tuple(
      ...pattern
        .split('/')
        .map((segment) => (segment.startsWith(':') ? value.chain(encoded) : fc.constant(segment))),
    )
    .map((segments) => segments.join('/'));
const elsewhere = fc.constantFrom(
  '/',
  '//',
  '/api',
  '/api/',
  '/api//health',
  '/API/HEALTH',
  '/api/health/',
  '/api/../server/config.ts',
  '/api/%2e%2e/%2e%2e/package.json',
  '/.env',
  '/.git/config',
  '/server/main.ts',
  '/node_modules/express/package.json',
  '/assets/..%2f..%2fpackage.json',
  '/tiles/%ff/1/1/1.mvt',
  '/ogc/%',
  '/api/activities/%00',
  '/api/activities/reports/1/history/1',
  '*',
);

const bodies: readonly object[] = [
  {
    heldOn: '2026-05-04',
    form: 'direct',
    audience: 'students',
    communeCode: '10003',
    place: null,
    attendance: 40,
  },
  {
    heldOn: '2026-05-04',
    form: 'direct',
    audience: 'students',
    communeCode: '10007',
    place: { collection: 'schools', reference: 'TH-10007' },
    attendance: 40,
  },
  {
    inspectedOn: '2026-05-04',
    licenseNumber: 'GP-10003-1',
    teamLevel: 'commune',
    outcome: 'no-violation',
    ground: 'planned',
  },
  {
    inspectedOn: '2026-05-04',
    licenseNumber: 'GP-10007-1',
    teamLevel: 'commune',
    outcome: 'no-violation',
    ground: 'planned',
  },
  {
    receivedOn: '2026-05-04',
    dueOn: '2026-05-24',
    status: 'received',
    resolvedOn: null,
    communeCode: '10003',
    h3Cell: '87415ab20ffffff',
  },
  {
    receivedOn: '2026-05-04',
    dueOn: '2026-05-24',
    status: 'received',
    resolvedOn: null,
    communeCode: '10007',
    position: [106.65, 20.05],
  },
  { communeCode: '10003', year: 2027, issuedOn: '2026-10-20', integratedWith: ['hiv-aids'] },
  { heldOn: '2026-05-04', communeCode: '10003', unit: 'Đơn vị', officersAttending: 12, officersInPost: 20 },
  { publishedOn: '2026-05-04', outletLevel: 'local', communeCode: '10007' },
  { reason: 'trial' },
  { reason: 'duplicate' },
  { account: 'so-y-te', password: 'một mật khẩu dài' },
  { password: 'một mật khẩu dài', newPassword: 'một mật khẩu khác' },
  { demoRole: 'planner' },
  { name: 'QGIS', endsOn: '2026-12-01' },
  { account: 'phong-1', role: 'leader' },
  { account: 'xa-1', role: 'commune', commune: '10003' },
  { disabled: false },
];
const strange: fc.Arbitrary<unknown> = fc.oneof(
  value,
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, 2 ** 53, [], {}, [[]], { $ne: null }, ['a', 'b']),
  fc.array(value, { maxLength: 4 }),
);
/** What belongs to an address, by a field that it needs; mostly one of these is drawn. */
const neededField: Readonly<Record<string, string>> = {
  '/api/activities/outreach': 'audience',
  '/api/activities/inspections': 'licenseNumber',
  '/api/activities/reports': 'receivedOn',
  '/api/activities/commune-plans': 'issuedOn',
  '/api/activities/training': 'unit',
  '/api/activities/press-items': 'outletLevel',
  '/api/session': 'account',
  '/api/session/password': 'newPassword',
  '/api/access/tokens': 'endsOn',
  '/api/access/accounts': 'role',
  '/api/access/accounts/:account': 'disabled',
};
function bodiesOf(pattern: string): readonly object[] {
  if (pattern.endsWith('/withdrawal')) return bodies.filter((body) => 'reason' in body);
  const field = neededField[pattern.replace(/\/:id$/, '')];
  const own = bodies.filter((body) => field !== undefined && field in body);
  return own.length ? [...own, ...own, ...own, bodies[0]!] : bodies;
}
const changed = (pattern: string) =>
  fc
    .tuple(
      fc.constantFrom(...bodiesOf(pattern)),
      fc.nat(),
      strange,
      fc.constantFrom('keep', 'keep', 'replace', 'replace', 'remove', 'add'),
    )
    .map(([body, at, given, how]) => {
      const entries = Object.entries(body);
      const index = at % entries.length;
      if (how === 'replace') entries[index] = [entries[index]![0], given];
      if (how === 'remove') entries.splice(index, 1);
      if (how === 'add') entries.push([parameters[at % parameters.length]!, given]);
      return JSON.stringify(Object.fromEntries(entries));
    });
const text = (json: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 8, arbitrary: json },
    {
      weight: 1,
      arbitrary: json.chain((whole) => fc.nat(whole.length).map((length) => whole.slice(0, length))),
    },
    {
      weight: 1,
      arbitrary: json.map((whole) =>
        whole.replace('{', '{"__proto__":{"role":"planner"},"constructor":{"prototype":{"x":1}},'),
      ),
    },
    {
      weight: 1,
      arbitrary: json.map((whole) => whole.replace(/}$/, ',"communeCode":"10007","reference":"x"}')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '[',
        '{"a":'.repeat(5_000),
        '['.repeat(20_000),
        '"text"',
        'null',
        '1',
        '{"attendance":1e999}',
        `{"a":"${'a'.repeat(70_000)}"}`,
        '{"a":"\\u0000\\ud800"}',
        '\ufeff{}',
        'communeCode=10003',
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
      ),
    },
  );
const body = (json: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 6, arbitrary: text(json).map((whole) => Buffer.from(whole)) },
    { weight: 1, arbitrary: text(json).map((whole) => Buffer.from(whole, 'utf16le')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );

const contentTypes = [
  ...Array.from({ length: 8 }, () => 'application/json'),
  'application/json; charset=utf-16',
  'application/json; charset=klingon',
  'application/json;',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  '*/*',
];
const header = fc.oneof(
  fc.tuple(
    fc.constant('If-Match'),
    fc.constantFrom(
      '"1"',
      '"1"',
      '"2"',
      '*',
      'W/"1"',
      '"1-x"',
      '1',
      '"',
      '"'.repeat(99),
      `"${'9'.repeat(30)}"`,
    ),
  ),
  fc.tuple(fc.constant('If-None-Match'), fc.constantFrom('*', '"1"', 'W/"x"', '"'.repeat(50))),
  fc.tuple(
    fc.constant('Idempotency-Key'),
    fc.constantFrom('a'.repeat(8), 'a'.repeat(5_000), "' or 1=1 --", '"', 'đ'),
  ),
  fc.tuple(
    fc.constant('Accept'),
    fc.constantFrom('*/*', 'text/html', 'text/event-stream', 'application/json;q=x', ',,,', 'image/*'),
  ),
  fc.tuple(
    fc.constant('Accept-Encoding'),
    fc.constantFrom('gzip', 'br', 'gzip;q=0, *;q=0', 'klingon', 'identity;q=0'),
  ),
  fc.tuple(fc.constant('Content-Encoding'), fc.constantFrom('gzip', 'br', 'deflate', 'klingon')),
  fc.tuple(
    fc.constant('Authorization'),
    fc.constantFrom(
      'Basic',
      'Basic !!!',
      'Basic eDp5',
      'Bearer x',
      `Basic ${'A'.repeat(4_000)}`,
      'Digest a="b"',
    ),
  ),
  fc.tuple(
    fc.constant('Cookie'),
    fc.constantFrom(
      'diaban=x',
      'a',
      '=;=',
      `diaban-session=${'x'.repeat(3_000)}`,
      'session="; drop table sessions; --"',
      '__Host-diaban=..',
    ),
  ),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('http://evil.example', 'null', '')),
  fc.tuple(fc.constant('Range'), fc.constantFrom('bytes=0-', 'bytes=-1,0-9999999999')),
  fc.tuple(fc.constant('X-HTTP-Method-Override'), fc.constantFrom('DELETE', 'PUT')),
  fc.tuple(fc.constant('X-Forwarded-For'), fc.constantFrom("' or 1=1 --", '::1', 'x'.repeat(2_000))),
  fc.tuple(fc.constant('X-Original-URL'), fc.constantFrom('/api/audit', '/api/access/accounts')),
  fc.tuple(fc.constant('Sec-Fetch-Site'), fc.constantFrom('cross-site', 'none')),
  fc.tuple(fc.constant('Expect'), fc.constantFrom('100-continue')),
  fc.tuple(fc.constant('Accept-Language'), fc.constantFrom('vi', 'x'.repeat(500), '*;q=nan')),
);

const asksForBody = (method: string) => method === 'POST' || method === 'PUT' || method === 'PATCH';

export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc
  .tuple(fc.constantFrom(...lines), fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 1))
  .chain(([[method, pattern], strayed]) =>
    fc.record({
      who: fc.constantFrom(...askers),
      method: strayed
        ? fc.constantFrom(
            'GET',
            'HEAD',
            'POST',
            'PUT',
            'PATCH',
            'DELETE',
            'OPTIONS',
            'PROPFIND',
            'TRACE',
            'SEARCH',
            'PURGE',
          )
        : fc.constantFrom(method, method, method, method === 'GET' ? 'HEAD' : method),
      path: fc
        .tuple(
          fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
          pathOf(pattern),
          elsewhere,
          query,
        )
        .map(([away, own, other, asked]) => sendable(`${away ? other : own}${asked ? `?${asked}` : ''}`)),
      headers: fc
        .tuple(fc.array(header, { maxLength: 3, size: 'xsmall' }), fc.constantFrom(...contentTypes))
        .map(([some, type]) => ({
          ...Object.fromEntries(some.map(([name, given]) => [name, Buffer.from(given).toString('latin1')])),
          'Content-Type': type,
        })),
      body:
        asksForBody(method) || strayed ? fc.option(body(changed(pattern)), { freq: 8 }) : fc.constant(null),
    }),
  )
  .map(({ headers, ...asked }) => {
    if (asksForBody(asked.method) && asked.body) return { ...asked, headers };
    const { 'Content-Type': _, ...others } = headers as Record<string, string>;
    return { ...asked, body: null, headers: others };
  });
