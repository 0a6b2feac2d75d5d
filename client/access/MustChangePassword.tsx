import { useEffect } from 'react';
import type { Session, SessionAnswer } from '../../contract/access-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';
import { ChangePasswordForm } from './ChangePasswordForm.tsx';
import { SignInFrame } from './SignInPage.tsx';

type MustChangePasswordProps = {
  session: Session;
  onChanged: (answer: SessionAnswer) => Promise<void>;
  onSignOut: () => void;
};

/** After a sign-in with a password that somebody else gave: nothing else opens before one of one's own is chosen. */
export function MustChangePassword({ session, onChanged, onSignOut }: MustChangePasswordProps) {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${t('access.password.mustTitle')} · ${t('product.name')}`;
  }, [t]);
  return (
    <SignInFrame>
      <main id="content" className="sign-in">
        <section className="sign-in-account" aria-labelledby="password-title">
          <h1 id="password-title">{t('access.password.mustTitle')}</h1>
          <p className="quiet">{t('access.password.mustText')}</p>
          <p>
            {t('access.signIn.account')}: <b>{session.account}</b>
          </p>
          <ChangePasswordForm
            account={session.account}
            submit={t('access.password.sendFirst')}
            onChanged={onChanged}
          />
          <p className="sign-in-forgotten">
            <button type="button" className="link-button" onClick={onSignOut}>
              {t('access.menu.signOut')}
            </button>
          </p>
        </section>
      </main>
    </SignInFrame>
  );
}
