import './access.css';
import { Button, Skeleton, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Account } from '../../contract/access-endpoints.ts';
import { searchKey } from '../../contract/vietnamese-text.ts';
import { useLanguage } from '../i18n/language.ts';
import { PlusIcon, SearchIcon } from '../ui/icons.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { AccountForm } from './AccountForm.tsx';
import { AccountTable } from './AccountTable.tsx';
import { ShownOnce } from './ShownOnce.tsx';
import { useAccounts } from './use-accounts.ts';

type View = { name: 'list' } | { name: 'add' } | { name: 'change'; account: Account };
export type Done = { said: string; account: string; oneTimePassword: string | null };

/** The accounts of the system: offices, never persons. */
export function AccountsPage() {
  const { t } = useLanguage();
  const accounts = useAccounts();
  const [view, setView] = useState<View>({ name: 'list' });
  const [done, setDone] = useState<Done | null>(null);
  const [text, setText] = useState('');
  const shown = useMemo(() => {
    const wanted = searchKey(text);
    return (accounts.data ?? []).filter(({ account, role, communeName }) =>
      [account, t(`access.roles.${role}.name`), communeName ?? ''].some((one) =>
        searchKey(one).includes(wanted),
      ),
    );
  }, [accounts.data, text, t]);
  const finish = (said: Done | null) => {
    setDone(said);
    setView({ name: 'list' });
  };
  return (
    <main id="content" className="admin-page" aria-label={t('access.accounts.title')}>
      <header className="admin-head">
        <div>
          <h2>
            {t('access.accounts.title')} <span className="quiet">{accounts.data?.length}</span>
          </h2>
          <p className="quiet">{t('access.accounts.text')}</p>
        </div>
        {view.name === 'list' && (
          <Button
            size="xs"
            leftSection={<PlusIcon />}
            onClick={() => {
              setDone(null);
              setView({ name: 'add' });
            }}
          >
            {t('access.accounts.add')}
          </Button>
        )}
      </header>
      <div role="status" className="accounts-done">
        {done && <p className="done-note">{done.said}</p>}
      </div>
      {done?.oneTimePassword && (
        <ShownOnce
          key={done.oneTimePassword}
          title={t('access.accounts.oneTime', { account: done.account })}
          text={t('access.accounts.oneTimeText')}
          secret={done.oneTimePassword}
          done={t('access.accounts.oneTimeDone')}
          onDone={() => setDone(null)}
        />
      )}
      {view.name !== 'list' && (
        <AccountForm
          key={view.name === 'change' ? view.account.account : ''}
          changing={view.name === 'change' ? view.account : null}
          onDone={finish}
          onLeave={() => finish(null)}
        />
      )}
      {accounts.isError && !accounts.data ? (
        <ReadFailed error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : !accounts.data ? (
        <Skeleton height={320} mt={16} aria-label={t('common.loading')} />
      ) : accounts.data.length === 0 ? (
        <p className="note accounts-empty">{t('access.accounts.none')}</p>
      ) : (
        <>
          <div className="admin-tools">
            <TextInput
              type="search"
              size="xs"
              w={300}
              aria-label={t('access.accounts.search')}
              placeholder={t('access.accounts.searchPlaceholder')}
              leftSection={<SearchIcon />}
              value={text}
              onChange={({ currentTarget: { value } }) => setText(value)}
            />
          </div>
          {shown.length === 0 ? (
            <p className="note">{t('access.accounts.noneFound')}</p>
          ) : (
            <AccountTable
              accounts={shown}
              onChange={(account) => {
                setDone(null);
                setView({ name: 'change', account });
              }}
            />
          )}
        </>
      )}
    </main>
  );
}
