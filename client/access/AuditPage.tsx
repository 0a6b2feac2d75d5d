import './access.css';
import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { type AuditFilters, auditKinds } from '../../contract/audit.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { Download } from '../coverage/Download.tsx';
import { useLanguage } from '../i18n/language.ts';
import { DayField } from '../ui/DayField.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { AuditLines } from './AuditLines.tsx';
import { useAuditAccounts, useAuditLines } from './use-audit.ts';

const asFilters = { from: parseAsString, to: parseAsString, account: parseAsString } as const;
const filterStates = { ...asFilters, kind: parseAsStringLiteral(auditKinds) };

/** Who did what, newest first; the state of the chain that holds the lines together; and the whole as a file. */
export function AuditPage() {
  const { t, format } = useLanguage();
  const [asked, ask] = useQueryStates(filterStates);
  const filters: AuditFilters = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  const filtered = Object.keys(filters).length > 0;
  const lines = useAuditLines(filters);
  const accounts = useAuditAccounts();
  const today = dayInVietnam(new Date());
  const head = lines.data?.pages[0]?.head ?? null;
  const unsealed = lines.data?.pages[0]?.unsealed ?? 0;
  const shown = lines.data?.pages.flatMap((page) => page.lines) ?? [];
  const future = (day: string) => (day > today ? t('plan.controls.future') : null);
  return (
    <main id="content" className="admin-page" aria-label={t('access.audit.title')}>
      <header className="admin-head">
        <div>
          <h2>{t('access.audit.title')}</h2>
          <p className="quiet">{t('access.audit.text')}</p>
        </div>
        <Download
          label={t('access.audit.export')}
          hint={t(filtered ? 'access.audit.exportFiltered' : 'access.audit.exportHint')}
          formats={['csv', 'jsonl']}
          addressOf={(format) => `/api/audit/export?${new URLSearchParams({ ...filters, format })}`}
          name={`dia-ban-nhat-ky-${today}`}
        />
      </header>
      {head && (
        <p className="audit-chain">
          <b>{t('access.audit.head', { position: format.integer(head.position) })}</b>{' '}
          <code title={head.hash}>{head.hash.slice(0, 16)}…</code>{' '}
          {unsealed > 0 && <span className="quiet">{t('access.audit.unsealed', { count: unsealed })} </span>}
          <span className="quiet">
            {t('access.audit.headHint', { command: 'npm run -s diaban -- audit verify' })}
          </span>
        </p>
      )}
      <div className="audit-filters">
        <DayField
          key={`from ${asked.from}`}
          label={t('access.audit.from')}
          day={asked.from}
          wrong={future}
          onDay={(day) => void ask({ from: day })}
        />
        <DayField
          key={`to ${asked.to}`}
          label={t('access.audit.to')}
          day={asked.to}
          wrong={future}
          onDay={(day) => void ask({ to: day })}
        />
        <NativeSelect
          size="xs"
          label={t('access.audit.account')}
          value={asked.account ?? ''}
          onChange={({ currentTarget: { value } }) => void ask({ account: value || null })}
          data={[
            { value: '', label: t('access.audit.all') },
            ...[...new Set([...(accounts.data ?? []), ...(asked.account ? [asked.account] : [])])].map(
              (value) => ({ value, label: value }),
            ),
          ]}
        />
        <NativeSelect
          size="xs"
          label={t('access.audit.kind')}
          value={asked.kind ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void ask({ kind: auditKinds.find((one) => one === value) ?? null })
          }
          data={[
            { value: '', label: t('access.audit.all') },
            ...auditKinds.map((value) => ({ value, label: t(`access.audit.kinds.${value}`) })),
          ]}
        />
        {filtered && (
          <button
            type="button"
            className="link-button"
            onClick={() => void ask({ from: null, to: null, account: null, kind: null })}
          >
            {t('access.audit.clear')}
          </button>
        )}
      </div>
      {lines.isError && !lines.data ? (
        <ReadFailed error={lines.error} onRetry={() => void lines.refetch()} />
      ) : !lines.data ? (
        <Skeleton height={420} aria-label={t('common.loading')} />
      ) : shown.length === 0 ? (
        <p className="note">{t(filtered ? 'access.audit.none' : 'access.audit.empty')}</p>
      ) : (
        <AuditLines lines={shown} />
      )}
      {lines.hasNextPage && (
        <Button
          className="no-print"
          variant="default"
          size="xs"
          mt={12}
          loading={lines.isFetchingNextPage}
          onClick={() => void lines.fetchNextPage()}
        >
          {t('access.audit.more')}
        </Button>
      )}
    </main>
  );
}
