import './access/access.css';
import { ActionIcon } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { AccountMenu } from './access/AccountMenu.tsx';
import { pages, pagesFor } from './access/first-page.ts';
import { useSession } from './access/session.ts';
import { useConnection } from './api/connection.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { useLanguage } from './i18n/language.ts';
import { useCommunes } from './places/communes.ts';
import { PrintIcon } from './ui/icons.tsx';
import mark from './ui/mark.svg';
import { PageLink } from './ui/PageLink.tsx';
import type { ShellState } from './ui/shell-state.ts';

/** The frame around every page: name, the role's navigation, the account, and whether the data are simulated. */
export function Shell() {
  const { t } = useLanguage();
  const { role } = useSession();
  const { pathname } = useLocation();
  const page = Object.values(pages).find(
    ({ path }) => path === pathname || (path !== '/' && pathname.startsWith(`${path}/`)),
  );
  const [detail, setDetail] = useState<string | null>(null);
  const connection = useConnection();
  const communes = useCommunes();
  const [tilesMissed, setTilesMissed] = useState(0);
  const provinceName = communes.data?.[0]?.province_name;
  const simulated = connection.demo || (communes.data?.some((commune) => commune.simulated) ?? false);

  useEffect(() => {
    document.title = [detail, page && t(page.title), t('product.name')].filter(Boolean).join(' · ');
  }, [detail, page, t]);

  // Tiles that failed while the server was away are asked for anew when it is back.
  const failed = useRef(false);
  const { away } = connection;
  useEffect(() => {
    if (away || !failed.current) return;
    failed.current = false;
    setTilesMissed((times) => times + 1);
  }, [away]);
  const state: ShellState = {
    tilesVersion: `${connection.dataVersion ?? 0}.${tilesMissed}`,
    onTilesFailed: () => {
      failed.current = true;
      connection.retry();
    },
    onDetail: setDetail,
  };

  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {t('product.skipToContent')}
      </a>
      <header className="shell-header">
        <img src={mark} alt="" width="32" height="32" />
        <p className="shell-name">
          <strong>{t('product.name')}</strong>
          <span>
            {t('product.purpose')}
            {provinceName && ` · ${t('product.province', { name: provinceName })}`}
          </span>
        </p>
        {(page || detail) && <h1 className="visually-hidden">{page ? t(page.title) : detail}</h1>}
        <nav aria-label={t('product.navigation')} className="no-print">
          {pagesFor(role).map((name) => {
            const { path, title } = pages[name];
            return (
              <PageLink key={path} to={path} within={path !== '/'}>
                {t(title)}
              </PageLink>
            );
          })}
        </nav>
        <div className="shell-tools">
          {simulated && (
            <p className="simulated" title={t('product.simulatedHint')}>
              {t('product.simulated')}
            </p>
          )}
          <ActionIcon
            className="no-print"
            variant="default"
            size={30}
            aria-label={t('product.print')}
            title={t('product.print')}
            onClick={() => window.print()}
          >
            <PrintIcon />
          </ActionIcon>
          <AccountMenu />
        </div>
      </header>
      <ConnectionBanner away={away} problem={connection.problem} onRetry={connection.retry} />
      <Outlet context={state} />
    </div>
  );
}
