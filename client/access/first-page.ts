import type { Role } from '../../contract/access.ts';
import type { Session } from '../../contract/access-endpoints.ts';

/** Pages of the navigation, in its order. */
export const pages = {
  map: { path: '/', title: 'pages.map' },
  coverage: { path: '/coverage', title: 'pages.coverage' },
  communes: { path: '/communes', title: 'pages.communes' },
  hotspots: { path: '/hotspots', title: 'pages.hotspots' },
  accounts: { path: '/accounts', title: 'access.pages.accounts' },
  audit: { path: '/audit', title: 'access.pages.audit' },
} as const;
export type PageName = keyof typeof pages;

const province: readonly PageName[] = ['map', 'coverage', 'communes', 'hotspots'];
const pagesOfRole: Record<Role, readonly PageName[]> = {
  planner: province,
  inspector: province,
  leader: province,
  commune: ['map', 'coverage'],
  admin: ['accounts', 'audit', 'map'],
};

/** What a role comes for stands first of all: the map with its table, where to look, how the plan stands, its own commune. */
const firstOfRole: Record<Role, PageName> = {
  planner: 'map',
  inspector: 'hotspots',
  leader: 'coverage',
  commune: 'map',
  admin: 'accounts',
};

export const pagesFor = (role: Role): readonly PageName[] => pagesOfRole[role];
export const firstPageOf = (role: Role): PageName => firstOfRole[role];

/** The address that a session begins at; a commune's account begins at its commune. */
export function firstAddressOf({ role, commune }: Pick<Session, 'role' | 'commune'>): string {
  const { path } = pages[firstOfRole[role]];
  return commune ? `${path}?commune=${commune}` : path;
}
