import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type SessionAnswer, type SignInOffer, signInEndpoint } from '../../contract/access-endpoints.ts';
import { call } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { rememberPlace } from './place-to-return.ts';
import { SignInRefused } from './SignInRefused.tsx';
import { type SignInRefusal, signInRefusalOf, useSecondsUntil } from './sign-in.ts';

type AccountSignInProps = {
  offered: SignInOffer;
  account: string | null;
  onSignedIn: (answer: SessionAnswer) => Promise<void>;
};

/** By account and password, or by the province's single sign-on. */
export function AccountSignIn({ offered, account: before, onSignedIn }: AccountSignInProps) {
  const { t } = useLanguage();
  const [account, setAccount] = useState(before ?? '');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState({ account: false, password: false });
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const [sending, setSending] = useState(false);
  const accountField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const secondsLeft = useSecondsUntil(refusal?.kind === 'wait' ? refusal.until : null);

  // The keyboard begins here, unless roles to try stand before it.
  useEffect(() => {
    if (!offered.demo) (before ? passwordField : accountField).current?.focus();
  }, [offered.demo, before]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (sending || secondsLeft > 0) return;
    const nothing = { account: account.trim() === '', password: password === '' };
    setMissing(nothing);
    if (nothing.account || nothing.password) {
      (nothing.account ? accountField : passwordField).current?.focus();
      return;
    }
    setSending(true);
    setRefusal(null);
    try {
      await onSignedIn(await call(signInEndpoint, { body: { account: account.trim(), password } }));
    } catch (error) {
      setRefusal(signInRefusalOf(error, Date.now()));
      setPassword('');
      passwordField.current?.focus();
    } finally {
      setSending(false);
    }
  };

  return (
    <section className="sign-in-account" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">{t('access.signIn.title')}</h1>
      <p className="quiet">{t('access.signIn.lead')}</p>
      {offered.singleSignOn && (
        <>
          <Button
            component="a"
            href={offered.singleSignOn.address}
            variant="default"
            fullWidth
            size="md"
            onClick={rememberPlace}
          >
            {offered.singleSignOn.label ?? t('access.signIn.single')}
          </Button>
          <p className="sign-in-or quiet">
            <span>{t('access.signIn.or')}</span>
          </p>
        </>
      )}
      <form noValidate onSubmit={(event) => void send(event)}>
        <TextInput
          ref={accountField}
          label={t('access.signIn.account')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          value={account}
          error={missing.account && t('access.signIn.needAccount')}
          onChange={({ currentTarget: { value } }) => setAccount(value)}
        />
        <PasswordInput
          ref={passwordField}
          label={t('access.signIn.password')}
          name="password"
          autoComplete="current-password"
          size="md"
          value={password}
          error={missing.password && t('access.signIn.needPassword')}
          visibilityToggleButtonProps={{ 'aria-label': t('access.signIn.show') }}
          onChange={({ currentTarget: { value } }) => setPassword(value)}
        />
        <SignInRefused refusal={refusal} secondsLeft={secondsLeft} />
        <Button type="submit" size="md" fullWidth aria-disabled={sending || secondsLeft > 0}>
          {sending ? t('access.signIn.sending') : t('access.signIn.submit')}
        </Button>
      </form>
      <p className="quiet sign-in-forgotten">{t('access.signIn.forgotten')}</p>
    </section>
  );
}
