import './access.css';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import {
  type SessionAnswer,
  type SignInOffer,
  singleSignOnRefusals,
} from '../../contract/access-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';
import mark from '../ui/mark.svg';
import { AccountSignIn } from './AccountSignIn.tsx';
import { LanguageChoice } from './LanguageChoice.tsx';
import { RoleCards } from './RoleCards.tsx';

type SignInPageProps = {
  offered: SignInOffer;
  /** The session that ended while its page was open, whose place is kept. */
  ended: boolean;
  /** The account whose session it was. */
  account: string | null;
  onSignedIn: (answer: SessionAnswer) => Promise<void>;
};

/** The only page that whoever is not signed in sees, at every address. */
export function SignInPage({ offered, ended, account, onSignedIn }: SignInPageProps) {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${t('access.signIn.title')} · ${t('product.name')}`;
  }, [t]);
  const said = new URLSearchParams(window.location.search).get('signIn');
  const refused = singleSignOnRefusals.find((one) => one === said);
  return (
    <SignInFrame>
      <main id="content" className="sign-in" data-demo={offered.demo}>
        {ended && (
          <div className="sign-in-ended" role="status">
            <b>{t('access.signIn.ended')}.</b> {t('access.signIn.endedText')}
          </div>
        )}
        {refused && (
          <div className="sign-in-ended" role="status">
            <b>{t(`access.signIn.singleRefused.${refused}`)}</b> {t('access.signIn.singleFailedHint')}
          </div>
        )}
        {offered.demo && <RoleCards communes={offered.communes} onSignedIn={onSignedIn} />}
        <AccountSignIn offered={offered} account={account} onSignedIn={onSignedIn} />
      </main>
    </SignInFrame>
  );
}

/** The product's name and the language, around what must be answered before its pages open. */
export function SignInFrame({ children }: { children: ReactNode }) {
  const { t } = useLanguage();
  return (
    <div className="sign-in-frame">
      <header className="shell-header">
        <img src={mark} alt="" width="32" height="32" />
        <p className="shell-name">
          <strong>{t('product.name')}</strong>
          <span>{t('product.purpose')}</span>
        </p>
        <div className="shell-tools">
          <LanguageChoice />
        </div>
      </header>
      {children}
      <footer className="sign-in-foot quiet">{t('access.signIn.trust')}</footer>
    </div>
  );
}
