import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type Role, roles } from '../../contract/access.ts';
import { type Account, accountName } from '../../contract/access-endpoints.ts';
import { isApiError } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { useCommunes } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import type { Done } from './AccountsPage.tsx';
import { CommuneChooser } from './CommuneChooser.tsx';
import { ConfirmedAction } from './ConfirmedAction.tsx';
import { useSession } from './session.ts';
import { useAccountChanges } from './use-accounts.ts';

type AccountFormProps = {
  /** Null for a new one. */
  changing: Account | null;
  onDone: (done: Done) => void;
  onLeave: () => void;
};

/** Adds an account, or changes its role; and what else may be done with it. */
export function AccountForm({ changing, onDone, onLeave }: AccountFormProps) {
  const { t, language } = useLanguage();
  const { make, change, signOut } = useAccountChanges();
  const communes = useCommunes();
  const own = useSession().account === changing?.account;
  const [account, setAccount] = useState('');
  const [role, setRole] = useState<Role | ''>(changing?.role ?? '');
  const [commune, setCommune] = useState<string | null>(changing?.commune ?? null);
  const [errors, setErrors] = useState<{ account?: string; role?: string; commune?: string }>({});
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const choosable = (communes.data ?? []).map((one) => ({
    code: one.code,
    name: communeTitle(one, language, t(`communeType.${one.type}`)),
  }));
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (sending) return;
    const named = accountName.safeParse(account);
    const found = {
      ...(changing || named.success ? {} : { account: t('access.accounts.needAccount') }),
      ...(role ? {} : { role: t('access.accounts.needRole') }),
      ...(role === 'commune' && !commune ? { commune: t('access.accounts.needCommune') } : {}),
    };
    setErrors(found);
    if (Object.keys(found).length || !role) return;
    setSending(true);
    setError(null);
    try {
      const place = { role, commune: role === 'commune' ? commune : null };
      const answer = changing
        ? await change(changing.account, place)
        : await make({ account: named.data ?? account, ...place });
      onDone({
        said: t(changing ? 'access.accounts.changed' : 'access.accounts.added', {
          account: answer.account.account,
        }),
        account: answer.account.account,
        oneTimePassword: answer.oneTimePassword,
      });
    } catch (thrown) {
      if (!changing && isApiError(thrown) && thrown.problem.status === 409)
        setErrors({ account: t('access.accounts.taken') });
      else setError(thrown);
      setSending(false);
    }
  };
  const act = async (
    body: Parameters<typeof change>[1],
    said: 'enabledDone' | 'disabledDone' | 'resetDone' | 'revokedDone',
  ) => {
    const answer = await change(changing!.account, body);
    onDone({
      said: t(`access.accounts.${said}`, { account: changing!.account }),
      account: changing!.account,
      oneTimePassword: answer.oneTimePassword,
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onLeave();
  };
  return (
    <section className="account-editor" aria-labelledby="account-form-title">
      <form className="account-form" noValidate onSubmit={(event) => void send(event)} onKeyDown={onKeyDown}>
        <h3 id="account-form-title" ref={heading} tabIndex={-1}>
          {changing
            ? t('access.accounts.changeTitle', { account: changing.account })
            : t('access.accounts.addTitle')}
        </h3>
        {own ? (
          <p className="quiet">{t('access.accounts.notOwn')}</p>
        ) : (
          <>
            {!changing && (
              <>
                <p className="quiet">{t('access.accounts.addHint')}</p>
                <TextInput
                  label={t('access.accounts.account')}
                  description={t('access.accounts.accountHint')}
                  autoCapitalize="none"
                  autoComplete="off"
                  spellCheck={false}
                  value={account}
                  error={errors.account}
                  onChange={({ currentTarget: { value } }) => setAccount(value)}
                />
              </>
            )}
            <NativeSelect
              label={t('access.accounts.role')}
              description={role ? t(`access.roles.${role}.sees`) : undefined}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={role}
              error={errors.role}
              onChange={({ currentTarget: { value } }) => setRole(roles.find((one) => one === value) ?? '')}
              data={[
                { value: '', label: t('access.accounts.chooseRole') },
                ...roles.map((value) => ({
                  value,
                  label: `${t(`access.roles.${value}.name`)}: ${t(`access.roles.${value}.office`)}`,
                })),
              ]}
            />
            {role === 'commune' && (
              <CommuneChooser
                size="sm"
                communes={choosable}
                commune={commune}
                error={errors.commune ?? null}
                onCommune={setCommune}
              />
            )}
          </>
        )}
        {error !== null && <ReadFailed error={error} onRetry={() => void send()} />}
        <div className="account-form-buttons">
          {!own && (
            <Button type="submit" aria-disabled={sending}>
              {sending
                ? t('access.accounts.saving')
                : t(changing ? 'access.accounts.save' : 'access.accounts.add')}
            </Button>
          )}
          <Button variant="default" onClick={onLeave}>
            {t('access.accounts.cancel')}
          </Button>
        </div>
      </form>
      {changing && !own && (
        <ul className="account-acts">
          {changing.hasPassword && !changing.disabledAt && (
            <li>
              <ConfirmedAction
                label={t('access.accounts.resetPassword')}
                question={t('access.accounts.resetSure', { account: changing.account })}
                onConfirmed={() => act({ resetPassword: true }, 'resetDone')}
              />
            </li>
          )}
          <li>
            <ConfirmedAction
              label={t('access.accounts.signOutEverywhere')}
              question={t('access.accounts.signOutSure', { account: changing.account })}
              onConfirmed={async () => {
                await signOut(changing.account);
                onDone({
                  said: t('access.accounts.signedOutDone', { account: changing.account }),
                  account: changing.account,
                  oneTimePassword: null,
                });
              }}
            />
          </li>
          {changing.tokens > 0 && (
            <li>
              <ConfirmedAction
                label={t('access.accounts.revokeTokens')}
                question={t('access.accounts.revokeTokensSure', { account: changing.account })}
                onConfirmed={() => act({ revokeTokens: true }, 'revokedDone')}
              />
            </li>
          )}
          <li>
            {changing.disabledAt ? (
              <ConfirmedAction
                label={t('access.accounts.enable')}
                question={t('access.accounts.enableSure', { account: changing.account })}
                onConfirmed={() => act({ disabled: false }, 'enabledDone')}
              />
            ) : (
              <ConfirmedAction
                label={t('access.accounts.disable')}
                question={t('access.accounts.disableSure', { account: changing.account })}
                onConfirmed={() => act({ disabled: true }, 'disabledDone')}
              />
            )}
          </li>
        </ul>
      )}
    </section>
  );
}
