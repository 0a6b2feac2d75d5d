import { Skeleton } from '@mantine/core';
import { type Query, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { type Session, type SessionAnswer, signOutEndpoint } from '../../contract/access-endpoints.ts';
import { call } from '../api/call.ts';
import { onRefused } from '../api/refusals.ts';
import { useLanguage } from '../i18n/language.ts';
import { Shell } from '../Shell.tsx';
import { AwayPage } from './AwayPage.tsx';
import { forgetDrafts, keepDraftsOf } from './drafts-of-account.ts';
import { firstAddressOf } from './first-page.ts';
import { MustChangePassword } from './MustChangePassword.tsx';
import { isNoPlace, placeToReturn } from './place-to-return.ts';
import { SignInPage } from './SignInPage.tsx';
import { SessionContext } from './session.ts';
import { sessionKey, useAccess } from './use-access.ts';

/** Everything of one account, and of nobody else's: another one is another page with nothing left of the one before. */
const ownerOf = ({ account, role, commune }: Session) => `${account} ${role} ${commune ?? ''}`;

const isOfAccount = ({ queryKey: [first] }: Query) => first !== sessionKey[0] && first !== 'health';

/**
 * Who is signed in, before every page. Nobody: the sign-in, at whatever address. When a session ends while a page is open,
 * the page is put out of sight with what was typed into it, and comes back when the same account signs in again.
 */
export function SessionGate() {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const access = useAccess();
  const { refetch } = access;
  const session = access.data?.session ?? null;
  /** Whose page is kept: of who is signed in, or was until the session ended by itself. */
  const [kept, setKept] = useState<Session | null>(null);
  const owner = useRef<string | null>(null);
  const focused = useRef<Element | null>(null);

  useEffect(() => onRefused(() => void refetch({ cancelRefetch: false })), [refetch]);

  const shown = session ?? kept;
  const ended = session === null && kept !== null;
  useLayoutEffect(() => {
    if (!session || session.mustChangePassword) return;
    keepDraftsOf(ownerOf(session));
    // Another account signed in in another window: what this one holds is not for it.
    const before = owner.current;
    owner.current = ownerOf(session);
    if (before !== null && before !== owner.current) void queries.resetQueries({ predicate: isOfAccount });
    setKept(session);
  }, [session, queries]);
  useLayoutEffect(() => {
    // What lies over the page (menus, drawers) stands outside of it.
    document.body.toggleAttribute('data-signed-out', session === null);
    if (ended) focused.current = document.activeElement;
    else if (session && focused.current instanceof HTMLElement) {
      focused.current.focus();
      focused.current = null;
    }
  }, [session, ended]);

  // Back from the single sign-on, which ends at the door.
  useEffect(() => {
    if (!session) return;
    const place = placeToReturn();
    if (place !== null) void navigate(isNoPlace(place) ? firstAddressOf(session) : place, { replace: true });
  }, [session, navigate]);

  const forget = useCallback(() => queries.removeQueries({ predicate: isOfAccount }), [queries]);

  const signedIn = useCallback(
    async (answer: SessionAnswer) => {
      const next = answer.session;
      if (!next) return;
      const before = kept;
      const sameAgain = before !== null && ownerOf(before) === ownerOf(next);
      keepDraftsOf(ownerOf(next));
      if (!sameAgain) {
        forget();
        owner.current = ownerOf(next);
        // An address that was asked for is kept; without one, everybody begins with what they come for.
        if (before !== null || isNoPlace(pathname + search))
          await navigate(firstAddressOf(next), { replace: true });
      }
      queries.setQueryData(sessionKey, answer);
      // What was refused in the meantime is asked anew.
      if (sameAgain) void queries.invalidateQueries({ predicate: isOfAccount });
    },
    [forget, kept, navigate, pathname, queries, search],
  );

  const signOut = useCallback(
    async (everywhere: boolean) => {
      const { next } = await call(signOutEndpoint, { query: { everywhere: everywhere ? 'true' : 'false' } });
      forgetDrafts();
      setKept(null);
      owner.current = null;
      queries.setQueryData<SessionAnswer>(sessionKey, (before) => before && { ...before, session: null });
      forget();
      if (next) window.location.assign(next);
      else await navigate('/', { replace: true });
    },
    [forget, navigate, queries],
  );

  if (!access.data) {
    if (access.isError) return <AwayPage error={access.error} onRetry={() => void refetch()} />;
    return (
      <div className="shell" role="status">
        <div className="shell-header">
          <Skeleton height={32} width={220} />
        </div>
        <span className="visually-hidden">{t('common.loading')}</span>
      </div>
    );
  }
  const { offered } = access.data;
  if (session?.mustChangePassword)
    return (
      <MustChangePassword session={session} onChanged={signedIn} onSignOut={() => void signOut(false)} />
    );
  return (
    <>
      {shown && (
        <div className="session-frame" hidden={session === null} key={ownerOf(shown)}>
          <SessionContext value={{ ...shown, signOut }}>
            <Shell />
          </SessionContext>
        </div>
      )}
      {!session && (
        <SignInPage
          offered={offered}
          ended={ended}
          account={kept && !kept.demo ? kept.account : null}
          onSignedIn={signedIn}
        />
      )}
    </>
  );
}
