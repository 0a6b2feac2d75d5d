import './access.css';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { useLanguage } from '../i18n/language.ts';
import { Facts } from '../ui/Facts.tsx';
import { usePageDetail } from '../ui/shell-state.ts';
import { useOwnCommuneName } from './AccountMenu.tsx';
import { ChangePasswordForm } from './ChangePasswordForm.tsx';
import { momentWords } from './moments.ts';
import { useSession } from './session.ts';
import { TokensSection } from './TokensSection.tsx';
import { sessionKey } from './use-access.ts';

/** What an account is, and what its holder can change of it. */
export function OwnAccountPage() {
  const { t, format } = useLanguage();
  const queries = useQueryClient();
  const session = useSession();
  const commune = useOwnCommuneName() ?? session.communeName;
  const { hash } = useLocation();
  const [changed, setChanged] = useState(false);
  const [failed, setFailed] = useState(false);
  const { role } = session;
  usePageDetail(t('access.own.title'));
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <main id="content" className="admin-page" aria-label={t('access.own.title')}>
      <header className="admin-head">
        <h2>{t('access.own.title')}</h2>
      </header>
      <div className="own-page">
        <section aria-label={t('access.own.account')}>
          <Facts
            facts={[
              [
                t('access.own.account'),
                session.demo ? `${session.account} (${t('access.demo.mark')})` : session.account,
              ],
              [
                t('access.own.role'),
                `${t(`access.roles.${role}.name`)}, ${t(`access.roles.${role}.office`)}`,
              ],
              ...(session.commune ? ([[t('access.own.commune'), commune ?? session.commune]] as const) : []),
              [t('access.own.sees'), t(`access.roles.${role}.sees`)],
              [t('access.own.seesNot'), t(`access.roles.${role}.seesNot`)],
            ]}
          />
        </section>
        <section id="password" aria-labelledby="password-title">
          <h3 id="password-title">{t('access.password.title')}</h3>
          {session.hasPassword ? (
            <ChangePasswordForm
              account={session.account}
              submit={t('access.password.send')}
              onChanged={(answer) => {
                queries.setQueryData(sessionKey, answer);
                setChanged(true);
              }}
            />
          ) : (
            <p className="quiet">{t(session.demo ? 'access.password.demo' : 'access.password.single')}</p>
          )}
          <p role="status" className="done-note">
            {changed && t('access.password.done')}
          </p>
        </section>
        <TokensSection />
        <section id="sessions" aria-labelledby="sessions-title">
          <h3 id="sessions-title">{t('access.own.sessions')}</h3>
          <p>
            {t('access.own.session', {
              since: momentWords(session.signedInAt, format),
              until: momentWords(session.endsAt, format),
              minutes: format.integer(session.idleMinutes),
            })}
          </p>
          <p className="quiet">{t('access.own.sessionsText')}</p>
          <Button
            variant="default"
            onClick={() => {
              setFailed(false);
              session.signOut(true).catch(() => setFailed(true));
            }}
          >
            {t('access.menu.signOutEverywhere')}
          </Button>
          <p role="alert">{failed && t('access.menu.signOutFailed')}</p>
        </section>
      </div>
    </main>
  );
}
