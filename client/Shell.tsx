import { ActionIcon, SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useConnection } from './api/connection.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { useProvince } from './coverage/use-province.ts';
import { type Language, languages, useLanguage } from './i18n/language.ts';
import { PrintIcon } from './ui/icons.tsx';
import mark from './ui/mark.svg';
import { PageLink } from './ui/PageLink.tsx';
import type { ShellState } from './ui/shell-state.ts';

// A page joins the navigation when it works; there are no links to what is still to come.
const pages = [
  { path: '/', title: 'pages.map' },
  { path: '/coverage', title: 'pages.coverage' },
  { path: '/communes', title: 'pages.communes' },
  { path: '/hotspots', title: 'pages.hotspots' },
] as const;

/** The frame around every page: name, navigation, language, and whether the data are simulated. */
export function Shell() {
  const { t, language, setLanguage } = useLanguage();
  const { pathname } = useLocation();
  const page = pages.find(
    ({ path }) => path === pathname || (path !== '/' && pathname.startsWith(`${path}/`)),
  );
  const [detail, setDetail] = useState<string | null>(null);
  const connection = useConnection();
  const province = useProvince();
  const [tilesMissed, setTilesMissed] = useState(0);
  const provinceName = province.rows[0]?.province_name;
  const simulated = connection.demo || province.simulated;

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
        {page && <h1 className="visually-hidden">{t(page.title)}</h1>}
        <nav aria-label={t('product.navigation')} className="no-print">
          {pages.map(({ path, title }) => (
            <PageLink key={path} to={path} within={path !== '/'}>
              {t(title)}
            </PageLink>
          ))}
        </nav>
        <div className="shell-tools">
          {simulated && (
            <p className="simulated" title={t('product.simulatedHint')}>
              {t('product.simulated')}
            </p>
          )}
          <SegmentedControl
            className="no-print"
            size="xs"
            aria-label={t('product.language')}
            value={language}
            onChange={(value) => setLanguage(value as Language)}
            data={languages.map((value) => ({
              value,
              label: (
                <>
                  <span className="wide-screen">{value === 'vi' ? 'Tiếng Việt' : 'English'}</span>
                  <abbr className="narrow-screen" title={value === 'vi' ? 'Tiếng Việt' : 'English'}>
                    {value.toUpperCase()}
                  </abbr>
                </>
              ),
            }))}
          />
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
        </div>
      </header>
      <ConnectionBanner away={away} problem={connection.problem} onRetry={connection.retry} />
      <Outlet context={state} />
    </div>
  );
}
