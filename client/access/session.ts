import { createContext, useContext } from 'react';
import type { Role } from '../../contract/access.ts';
import type { Session } from '../../contract/access-endpoints.ts';
import { mayAsk } from '../../contract/access-policy.ts';
import { type PlaceSight, placeSight } from '../../contract/place-access.ts';
import type { PlaceCollection } from '../../contract/places.ts';

export type SessionState = Session & {
  signOut: (everywhere: boolean) => Promise<void>;
};

export const SessionContext = createContext<SessionState | null>(null);

/** Who is signed in. Only beneath the sign-in, where there is always somebody. */
export function useSession(): SessionState {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a page that needs a session stands outside of the sign-in');
  return session;
}

export type May = {
  /** Whether the role may ask there, such as `GET /api/coverage/gaps`. */
  ask: (address: string) => boolean;
  /** How much of a collection of places the role sees. */
  sight: (collection: PlaceCollection) => PlaceSight;
  /** Whether the figures of all communes may be seen beside each other, and not only the account's own. */
  compareCommunes: boolean;
};

/** What a role may ask, as the server's own tables say. */
export const mayOf = (role: Role): May => ({
  ask: (address) => mayAsk({ role }, address),
  sight: (collection) => placeSight(role, collection),
  compareCommunes: role !== 'commune' && role !== 'admin',
});

export const useMay = (): May => mayOf(useSession().role);
