import { describe, expect, it } from 'vitest';
import { type Role, roles } from '../../contract/access.ts';
import { activityKinds } from '../../contract/activities.ts';
import { recordableKinds } from '../activities/recordable-kinds.ts';
import { firstAddressOf, firstPageOf, type PageName, pagesFor } from './first-page.ts';
import { isNoPlace } from './place-to-return.ts';
import { mayOf } from './session.ts';

/** What each page reads as soon as it opens, for every role that has it. */
const readAtOnce: Partial<Record<PageName, string[]>> = {
  coverage: ['GET /api/coverage/indicators'],
  communes: ['GET /api/coverage/inspections'],
  hotspots: ['GET /api/hotspots/local', 'GET /api/coverage/inspections'],
  accounts: ['GET /api/access/accounts'],
  audit: ['GET /api/audit', 'GET /api/audit/accounts', 'GET /api/audit/export'],
};

describe('the pages of a role', () => {
  it('ask for nothing that the role may not', () => {
    for (const role of roles)
      for (const page of pagesFor(role))
        for (const address of readAtOnce[page] ?? [])
          expect([role, page, address, mayOf(role).ask(address)]).toEqual([role, page, address, true]);
  });

  it('begin with the one that the role comes for, which is one of them', () => {
    for (const role of roles) expect(pagesFor(role)).toContain(firstPageOf(role));
    expect(firstAddressOf({ role: 'leader', commune: null })).toBe('/coverage');
    expect(firstAddressOf({ role: 'commune', commune: '13285' })).toBe('/?commune=13285');
  });

  it('offer the forms of what the role records', () => {
    const kindsOf = (role: Role) => recordableKinds(mayOf(role));
    expect(kindsOf('planner')).toEqual([...activityKinds]);
    expect(kindsOf('commune')).toEqual([...activityKinds]);
    expect(kindsOf('inspector')).toEqual(['inspections', 'reports']);
    expect([kindsOf('leader'), kindsOf('admin')]).toEqual([[], []]);
  });
});

describe('an address that was asked for before the sign-in', () => {
  it('is kept, unless it is the door', () => {
    expect(['/', '/sign-in', '/?lang=en', '/?signIn=failed'].map(isNoPlace)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['/?commune=13285', '/coverage', '/audit?kind=reading'].map(isNoPlace)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
