import type { Role } from '../../../contract/access.ts';
import type { ActivityKind } from '../../../contract/activities.ts';
import { dayInVietnam } from '../../../contract/calendar-day.ts';
import type { Database } from '../../db/database.ts';
import {
  askersOf,
  insertAccountWithToken,
  insertRecord,
  type RecordingRole,
  recordingRoles,
} from './two-communes.ts';

export type Asked = {
  method: string;
  url: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Statuses that count as answered, where they are not 200, 201 or 204. */
  answers?: readonly number[];
  /** What a commune's account may be told of another commune beside 403 and 404: that to it there is no such place. */
  refusals?: readonly number[];
};
/** Null where an address has no such request: a record of no commune. */
type Maker = (
  db: Database,
  asker: Role,
  commune: string | null,
) => Promise<Omit<Asked, 'method'> | null> | Omit<Asked, 'method'> | null;

const query = (commune: string | null, more: Record<string, string> = {}) => {
  const words = new URLSearchParams({ ...more, ...(commune ? { commune } : {}) });
  return words.size ? `?${words}` : '';
};
/** An address that takes a commune as a parameter. */
const ofCommune =
  (path: string, more: Record<string, string> = {}): Maker =>
  (_db, _asker, commune) => ({ url: `${path}${query(commune, more)}` });
/** An address that takes none: asked once. */
const alone =
  (url: string, more: Partial<Asked> = {}): Maker =>
  (_db, _asker, commune) =>
    commune === null ? { url, ...more } : null;

const bodies: Record<ActivityKind, (commune: string) => object> = {
  outreach: (communeCode) => ({
    heldOn: '2026-05-04',
    form: 'direct',
    audience: 'students',
    communeCode,
    place: { collection: 'schools', reference: `TH-${communeCode}` },
    attendance: 40,
  }),
  inspections: (communeCode) => ({
    inspectedOn: '2026-05-04',
    licenseNumber: `GP-${communeCode}-1`,
    teamLevel: 'commune',
    outcome: 'no-violation',
    ground: 'planned',
  }),
  reports: (communeCode) => ({
    receivedOn: '2026-05-04',
    dueOn: '2026-05-24',
    status: 'received',
    resolvedOn: null,
    communeCode,
    position: [106.05 + (Number(communeCode) - 10_001) * 0.1, 20.05],
  }),
  'commune-plans': (communeCode) => ({
    communeCode,
    year: 2027,
    issuedOn: '2026-10-20',
    integratedWith: ['hiv-aids'],
  }),
  training: (communeCode) => ({
    heldOn: '2026-05-04',
    communeCode,
    unit: `Đơn vị ${communeCode}`,
    officersAttending: 12,
    officersInPost: 20,
  }),
  'press-items': (communeCode) => ({ publishedOn: '2026-05-04', outletLevel: 'local', communeCode }),
};

function activity(kind: ActivityKind): Record<string, Maker> {
  const path = `/api/activities/${kind}`;
  /** A row that the asker's role recorded, or that a commune did where the role records none. */
  const withRow =
    (then: (id: number, commune: string) => Omit<Asked, 'method'>): Maker =>
    async (db, asker, commune) => {
      if (commune === null) return null;
      const recorder = (recordingRoles as readonly string[]).includes(asker)
        ? (asker as RecordingRole)
        : 'commune';
      return then(await insertRecord(db, kind, commune, recorder), commune);
    };
  const headers = { 'If-Match': '"1"' };
  return {
    [`GET ${path}`]: ofCommune(path),
    [`GET ${path}/:id`]: withRow((id) => ({ url: `${path}/${id}` })),
    [`GET ${path}/:id/history`]: withRow((id) => ({ url: `${path}/${id}/history` })),
    [`POST ${path}`]: (_db, _asker, commune) =>
      // of a commune's plan there is one in a year: the second is told so
      commune ? { url: path, body: bodies[kind](commune), answers: [201, 409], refusals: [422] } : null,
    [`PUT ${path}/:id`]: withRow((id, commune) => ({
      url: `${path}/${id}`,
      body: bodies[kind](commune),
      headers,
      answers: [200, 409],
    })),
    [`POST ${path}/:id/withdrawal`]: withRow((id) => ({
      url: `${path}/${id}/withdrawal`,
      body: { reason: 'trial' },
      headers,
    })),
    [`DELETE ${path}/:id`]: withRow((id) => ({ url: `${path}/${id}`, answers: [405], refusals: [405] })),
  };
}

/** Asked once, where the askers have accounts, each with an access token. */
const withAccounts =
  (make: (tokenId: number) => Omit<Asked, 'method'>): Maker =>
  async (db, asker, commune) =>
    commune === null ? make(await insertAccountWithToken(db, asker)) : null;

const makers: Record<string, Maker> = {
  'GET /api/health': alone('/api/health'),

  // Who asks has neither cookie nor account here: these answer that, to each in the same way.
  'GET /api/session': alone('/api/session'),
  'POST /api/session': alone('/api/session', {
    body: { account: 'so-y-te', password: 'mật khẩu nào đó' },
    answers: [401, 429],
  }),
  'DELETE /api/session': alone('/api/session'),
  'POST /api/session/password': alone('/api/session/password', {
    body: { password: 'mật khẩu nào đó', newPassword: 'một mật khẩu khác' },
    answers: [401],
  }),
  'GET /api/session/single-sign-on': alone('/api/session/single-sign-on', { answers: [404] }),
  'GET /api/session/single-sign-on/return': alone('/api/session/single-sign-on/return', { answers: [404] }),

  'GET /api/access/tokens': withAccounts(() => ({ url: '/api/access/tokens' })),
  'POST /api/access/tokens': withAccounts(() => ({
    url: '/api/access/tokens',
    body: { name: 'QGIS', endsOn: dayInVietnam(new Date()) },
  })),
  'DELETE /api/access/tokens/:id': withAccounts((tokenId) => ({ url: `/api/access/tokens/${tokenId}` })),
  'GET /api/access/accounts': withAccounts(() => ({ url: '/api/access/accounts' })),
  'POST /api/access/accounts': withAccounts((tokenId) => ({
    url: '/api/access/accounts',
    body: { account: `phong-${tokenId}`, role: 'leader' },
  })),
  'PATCH /api/access/accounts/:account': withAccounts(() => ({
    url: `/api/access/accounts/${askersOf.leader.account}`,
    body: { disabled: false },
  })),
  'POST /api/access/accounts/:account/sign-out': withAccounts(() => ({
    url: `/api/access/accounts/${askersOf.leader.account}/sign-out`,
  })),

  'GET /api/coverage/indicators': ofCommune('/api/coverage/indicators', { year: '2026' }),
  'GET /api/coverage/indicators/:indicator/rows': ofCommune(
    '/api/coverage/indicators/students-reached/rows',
    { year: '2026' },
  ),
  'GET /api/coverage/inspections': ofCommune('/api/coverage/inspections'),
  'GET /api/coverage/inspections/never': ofCommune('/api/coverage/inspections/never'),
  'GET /api/coverage/equity': alone('/api/coverage/equity'),
  'GET /api/coverage/reach': alone('/api/coverage/reach'),
  'GET /api/coverage/gaps': alone('/api/coverage/gaps'),
  'GET /api/coverage/near-misses': alone('/api/coverage/near-misses'),
  'GET /api/coverage/report': ofCommune('/api/coverage/report', {
    year: '2026',
    period: 'H1',
    format: 'xlsx',
  }),

  'GET /api/hotspots/density': alone('/api/hotspots/density?grid=none'),
  'GET /api/hotspots/relative-risk': alone('/api/hotspots/relative-risk'),
  'GET /api/hotspots/local': alone('/api/hotspots/local'),
  'GET /api/hotspots/scan': alone('/api/hotspots/scan?replications=99'),
  'GET /api/hotspots/trend': alone('/api/hotspots/trend', { answers: [200, 422] }),

  'GET /api/activities/places': (_db, _asker, commune) =>
    commune ? { url: `/api/activities/places?commune=${commune}` } : null,
  ...activity('outreach'),
  ...activity('inspections'),
  ...activity('reports'),
  ...activity('commune-plans'),
  ...activity('training'),
  ...activity('press-items'),

  'GET /api/audit': alone('/api/audit'),
  'GET /api/audit/accounts': alone('/api/audit/accounts'),
  'GET /api/audit/export': alone('/api/audit/export'),

  'GET /ogc': alone('/ogc'),
  'GET /ogc/conformance': alone('/ogc/conformance'),
  'GET /ogc/api': alone('/ogc/api'),
  'GET /ogc/collections': alone('/ogc/collections'),
  'GET /ogc/collections/:collectionId': alone('/ogc/collections/communes'),
  'GET /ogc/collections/:collectionId/queryables': alone('/ogc/collections/communes/queryables'),
  'GET /ogc/collections/:collectionId/schema': alone('/ogc/collections/communes/schema'),
  'GET /ogc/collections/:collectionId/items': alone('/ogc/collections/communes/items?limit=50'),
  'GET /ogc/collections/:collectionId/items/:featureId': (_db, _asker, commune) =>
    commune ? { url: `/ogc/collections/communes/items/${commune}` } : null,
  'GET /tiles/:collections/:z/:x/:file': alone('/tiles/communes/9/406/226.mvt'),
  'GET /tiles/:file': alone('/tiles/communes.json'),
};

/** A request at an address of the policy, by a role, of a commune or of none; null where there is no such request. */
export async function requestOf(
  db: Database,
  address: string,
  asker: Role,
  commune: string | null,
): Promise<Asked | null> {
  const maker = makers[address];
  if (!maker)
    throw new Error(`no request of ${address}: add one to server/access/testing/matrix-requests.ts`);
  const asked = await maker(db, asker, commune);
  return asked && { method: address.split(' ')[0]!, ...asked };
}
