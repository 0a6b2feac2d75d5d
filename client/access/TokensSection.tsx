import { Button, Skeleton, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { type AccessToken, tokenName } from '../../contract/access-endpoints.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { useLanguage } from '../i18n/language.ts';
import { readDay } from '../ui/day-text.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { ConfirmedAction } from './ConfirmedAction.tsx';
import { momentWords } from './moments.ts';
import { ShownOnce } from './ShownOnce.tsx';
import { useSession } from './session.ts';
import { useTokenChanges, useTokens } from './use-tokens.ts';

const usualDays = 90;
const dayMilliseconds = 86_400_000;
const dayAfter = (days: number) => dayInVietnam(new Date(Date.now() + days * dayMilliseconds));

/** Tokens for QGIS and ogr2ogr: made, shown once, listed, revoked. */
export function TokensSection() {
  const { t } = useLanguage();
  const tokens = useTokens();
  const { make, revoke } = useTokenChanges();
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  return (
    <section id="tokens" aria-labelledby="tokens-title">
      <h3 id="tokens-title">{t('access.tokens.title')}</h3>
      <p className="quiet">{t('access.tokens.text')}</p>
      {made ? (
        <MadeToken {...made} onDone={() => setMade(null)} />
      ) : (
        tokens.data && (
          <TokenForm
            longestDays={tokens.data.longestDays}
            onMake={async (body) => {
              const { token, secret } = await make(body);
              setMade({ name: token.name, secret });
            }}
          />
        )
      )}
      {tokens.isError && !tokens.data ? (
        <ReadFailed error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : !tokens.data ? (
        <Skeleton height={90} />
      ) : tokens.data.tokens.length === 0 ? (
        <p className="quiet">{t('access.tokens.none')}</p>
      ) : (
        <TokenTable tokens={tokens.data.tokens} onRevoke={revoke} />
      )}
    </section>
  );
}

function TokenForm({
  longestDays,
  onMake,
}: {
  longestDays: number;
  onMake: (body: { name: string; endsOn: string }) => Promise<void>;
}) {
  const { t, format } = useLanguage();
  const [name, setName] = useState('');
  const [until, setUntil] = useState(() => format.day(dayAfter(Math.min(usualDays, longestDays))));
  const [errors, setErrors] = useState<{ name?: string; until?: string }>({});
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const dayField = useRef<HTMLInputElement>(null);
  const lastDay = dayAfter(longestDays);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (sending) return;
    const day = readDay(until);
    const named = tokenName.safeParse(name);
    const found = {
      ...(name.trim() === ''
        ? { name: t('access.tokens.needName') }
        : named.success
          ? {}
          : { name: t('access.tokens.badName') }),
      ...(day && day >= dayAfter(0) && day <= lastDay
        ? {}
        : { until: t('access.tokens.needDay', { day: format.day(lastDay) }) }),
    };
    setErrors(found);
    if (found.name) return nameField.current?.focus();
    if (found.until || !day) return dayField.current?.focus();
    setSending(true);
    setError(null);
    try {
      await onMake({ name: name.trim(), endsOn: day });
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  };
  return (
    <form className="account-form-row" noValidate onSubmit={(event) => void send(event)}>
      <TextInput
        ref={nameField}
        label={t('access.tokens.name')}
        placeholder={t('access.tokens.namePlaceholder')}
        value={name}
        error={errors.name}
        maxLength={60}
        w={280}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <TextInput
        ref={dayField}
        label={t('access.tokens.until')}
        inputMode="numeric"
        placeholder="31/12/2026"
        value={until}
        error={errors.until}
        w={170}
        onChange={({ currentTarget: { value } }) => setUntil(value)}
      />
      <Button type="submit" mt={24} aria-disabled={sending}>
        {sending ? t('access.tokens.creating') : t('access.tokens.create')}
      </Button>
      {error !== null && <ReadFailed error={error} onRetry={() => void send()} />}
    </form>
  );
}

function MadeToken({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  const { t } = useLanguage();
  const { account } = useSession();
  const address = `${window.location.origin}/ogc`;
  return (
    <ShownOnce
      title={t('access.tokens.made', { name })}
      text={t('access.tokens.once')}
      secret={secret}
      done={t('access.tokens.done')}
      onDone={onDone}
    >
      <div className="how-to">
        <b>{t('access.tokens.howTo')}</b>
        <p>{t('access.tokens.qgis', { address, account })}</p>
        <p>{t('access.tokens.ogr')}</p>
        <pre>{`GDAL_HTTP_USERPWD='${account}:${t('access.tokens.secretHere')}' ogr2ogr communes.gpkg OAPIF:${address} communes`}</pre>
      </div>
    </ShownOnce>
  );
}

function TokenTable({
  tokens,
  onRevoke,
}: {
  tokens: readonly AccessToken[];
  onRevoke: (id: number) => Promise<void>;
}) {
  const { t, format } = useLanguage();
  return (
    // Focusable, so that the keyboard can scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="admin-scroll own-table" aria-label={t('access.tokens.list')} tabIndex={0}>
      <table className="admin-table">
        <caption className="visually-hidden">{t('access.tokens.list')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('access.tokens.name')}</th>
            <th scope="col">{t('access.tokens.created')}</th>
            <th scope="col">{t('access.tokens.ends')}</th>
            <th scope="col">{t('access.tokens.used')}</th>
            <th scope="col">{t('access.tokens.state')}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} data-over={token.state !== 'active'}>
              <th scope="row">{token.name}</th>
              <td>{momentWords(token.createdAt, format)}</td>
              <td>{format.day(token.endsOn)}</td>
              <td>{token.lastUsedAt ? momentWords(token.lastUsedAt, format) : t('access.tokens.never')}</td>
              <td>
                {t(`access.tokens.states.${token.state}`)}
                {token.state === 'active' && (
                  <ConfirmedAction
                    label={t('access.tokens.revoke')}
                    name={t('access.tokens.revokeNamed', { name: token.name })}
                    question={t('access.tokens.revokeSure', { name: token.name })}
                    onConfirmed={() => onRevoke(token.id)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
