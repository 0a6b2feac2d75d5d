import type { Asker, Role } from './access.ts';

/** Who may ask at one address of the route table. What they then see is the database's to say. */
export type PolicyLine = {
  roles: readonly Role[];
  /** Whoever is not signed in may ask too. */
  anyone?: true;
  /**
   * The answer names single premises: reading it is written down in the audit log. `by-collection`: only where the path names
   * the collection of establishments.
   */
  premises?: true | 'by-collection';
};

const everyone = ['planner', 'inspector', 'leader', 'commune', 'admin'] as const;
const planning = ['planner', 'leader'] as const;
const wholeProvince = ['planner', 'inspector', 'leader'] as const;
const operational = [...wholeProvince, 'commune'] as const;
const outreach = ['planner', 'commune'] as const;
const recording = ['planner', 'inspector', 'commune'] as const;

const anyone = { roles: everyone, anyone: true } as const;
const only = (allowed: readonly Role[]): PolicyLine => ({ roles: allowed });
const premises = (allowed: readonly Role[]): PolicyLine => ({ roles: allowed, premises: true });

/** What may be done with one kind of activity: who reads its rows, and who records. */
const activity = (
  path: string,
  { read, write, line = only }: { read: readonly Role[]; write: readonly Role[]; line?: typeof only },
): Record<string, PolicyLine> => ({
  [`GET ${path}`]: line(read),
  [`GET ${path}/:id`]: line(read),
  [`GET ${path}/:id/history`]: line(write),
  [`POST ${path}`]: line(write),
  [`PUT ${path}/:id`]: line(write),
  [`POST ${path}/:id/withdrawal`]: line(write),
  [`DELETE ${path}/:id`]: line(write),
});

/**
 * One line for each entry of the server's route table, by method and path: the server refuses to start with a route that
 * has none, and the client hides what one may not ask.
 */
export const accessPolicy: Readonly<Record<string, PolicyLine>> = {
  'GET /api/health': anyone,

  // What these do is for the session that the asker has, or is about to have.
  'GET /api/session': anyone,
  'POST /api/session': anyone,
  'DELETE /api/session': anyone,
  'POST /api/session/password': anyone,
  'GET /api/session/single-sign-on': anyone,
  'GET /api/session/single-sign-on/return': anyone,
  'GET /api/access/tokens': only(everyone),
  'POST /api/access/tokens': only(everyone),
  'DELETE /api/access/tokens/:id': only(everyone),
  'GET /api/access/accounts': only(['admin']),
  'POST /api/access/accounts': only(['admin']),
  'PATCH /api/access/accounts/:account': only(['admin']),
  'POST /api/access/accounts/:account/sign-out': only(['admin']),

  'GET /api/coverage/indicators': only(operational),
  'GET /api/coverage/indicators/:indicator/rows': premises(outreach),
  'GET /api/coverage/inspections': only(operational),
  'GET /api/coverage/inspections/never': premises(recording),
  'GET /api/coverage/equity': only(wholeProvince),
  'GET /api/coverage/reach': premises(outreach),
  'GET /api/coverage/gaps': premises(outreach),
  'GET /api/coverage/near-misses': premises(outreach),
  'GET /api/coverage/report': only([...planning, 'commune']),

  // They name none, and yet are made of where each one lies; of square kilometres for a leader.
  'GET /api/hotspots/density': premises(wholeProvince),
  'GET /api/hotspots/relative-risk': premises(wholeProvince),
  'GET /api/hotspots/local': premises(wholeProvince),
  'GET /api/hotspots/scan': only(wholeProvince),
  'GET /api/hotspots/trend': only(wholeProvince),

  'GET /api/activities/places': premises(recording),
  ...activity('/api/activities/outreach', { read: outreach, write: outreach, line: premises }),
  ...activity('/api/activities/inspections', { read: recording, write: recording, line: premises }),
  ...activity('/api/activities/reports', { read: recording, write: recording }),
  ...activity('/api/activities/commune-plans', { read: operational, write: outreach }),
  ...activity('/api/activities/training', { read: outreach, write: outreach }),
  ...activity('/api/activities/press-items', { read: operational, write: outreach }),

  'GET /api/audit': only(['admin']),
  'GET /api/audit/accounts': only(['admin']),
  'GET /api/audit/export': only(['admin']),

  'GET /ogc': only(everyone),
  'GET /ogc/conformance': only(everyone),
  'GET /ogc/api': only(everyone),
  'GET /ogc/collections': only(everyone),
  'GET /ogc/collections/:collectionId': only(everyone),
  'GET /ogc/collections/:collectionId/queryables': only(everyone),
  'GET /ogc/collections/:collectionId/schema': only(everyone),
  'GET /ogc/collections/:collectionId/items': { roles: everyone, premises: 'by-collection' },
  'GET /ogc/collections/:collectionId/items/:featureId': { roles: everyone, premises: 'by-collection' },
  'GET /tiles/:collections/:z/:x/:file': only(everyone),
  'GET /tiles/:file': only(everyone),
};

/** Whether the answer to a path with these parameters names single premises. */
export const namesPremises = (
  { premises }: PolicyLine,
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean => premises === true || (premises === 'by-collection' && params.collectionId === 'establishments');

/** Whether one may ask there at all; a commune's account of its own commune alone. */
export function mayAsk(asker: Pick<Asker, 'role'> | null, address: string): boolean {
  const line = accessPolicy[address];
  if (!line) throw new Error(`no line of the access policy for ${address}`);
  return line.anyone === true || (asker !== null && line.roles.includes(asker.role));
}
