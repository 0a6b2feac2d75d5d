import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import {
  changePasswordEndpoint,
  type SessionAnswer,
  shortestPassword,
} from '../../contract/access-endpoints.ts';
import { call, isApiError } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { SignInRefused } from './SignInRefused.tsx';
import { type SignInRefusal, signInRefusalOf, useSecondsUntil } from './sign-in.ts';

type ChangePasswordFormProps = {
  account: string;
  submit: string;
  onChanged: (answer: SessionAnswer) => void | Promise<void>;
};

type Fields = { password: string; newPassword: string; again: string };
const nothing: Fields = { password: '', newPassword: '', again: '' };

export function ChangePasswordForm({ account, submit, onChanged }: ChangePasswordFormProps) {
  const { t, language } = useLanguage();
  const [typed, setTyped] = useState(nothing);
  const [errors, setErrors] = useState<Partial<Fields>>({});
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const secondsLeft = useSecondsUntil(refusal?.kind === 'wait' ? refusal.until : null);

  const showErrors = (found: Partial<Fields>) => {
    setErrors(found);
    const first = (Object.keys(nothing) as (keyof Fields)[]).find((name) => found[name]);
    if (first) form.current?.querySelector<HTMLInputElement>(`input[name="${first}"]`)?.focus();
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (sending || secondsLeft > 0) return;
    const { password, newPassword, again } = typed;
    const found: Partial<Fields> = {
      ...(password === '' ? { password: t('access.signIn.needPassword') } : {}),
      ...(newPassword.length < shortestPassword
        ? { newPassword: t('access.password.tooShort', { count: shortestPassword }) }
        : newPassword === password
          ? { newPassword: t('access.password.same') }
          : {}),
      ...(again === newPassword ? {} : { again: t('access.password.differs') }),
    };
    showErrors(found);
    if (Object.keys(found).length) return;
    setSending(true);
    setRefusal(null);
    try {
      const answer = await call(changePasswordEndpoint, { body: { password, newPassword } });
      setTyped(nothing);
      await onChanged(answer);
    } catch (error) {
      const problem = isApiError(error) ? error.problem : null;
      const fault = problem?.faults?.[0];
      if (problem?.status === 403) showErrors({ password: t('access.password.wrongCurrent') });
      else if (fault) showErrors({ newPassword: fault.message[language] });
      else setRefusal(signInRefusalOf(error, Date.now()));
    } finally {
      setSending(false);
    }
  };
  const field = (name: keyof Fields, label: string, autoComplete: string, description?: string) => (
    <PasswordInput
      name={name}
      label={label}
      description={description}
      autoComplete={autoComplete}
      value={typed[name]}
      error={errors[name]}
      visibilityToggleButtonProps={{ 'aria-label': t('access.signIn.show') }}
      onChange={({ currentTarget: { value } }) => {
        setTyped((before) => ({ ...before, [name]: value }));
        setErrors(({ [name]: _, ...others }) => others);
      }}
    />
  );
  return (
    <form ref={form} className="account-form" noValidate onSubmit={(event) => void send(event)}>
      {/* Tells a password manager whose password it is. */}
      <input
        className="visually-hidden"
        name="username"
        autoComplete="username"
        value={account}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      {field('password', t('access.password.current'), 'current-password')}
      {field(
        'newPassword',
        t('access.password.next'),
        'new-password',
        t('access.password.rule', { count: shortestPassword }),
      )}
      {field('again', t('access.password.again'), 'new-password')}
      <SignInRefused refusal={refusal} secondsLeft={secondsLeft} />
      <div className="account-form-buttons">
        <Button type="submit" aria-disabled={sending || secondsLeft > 0}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
