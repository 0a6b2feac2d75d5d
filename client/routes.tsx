import { createBrowserRouter, isRouteErrorResponse, Link, Navigate, useRouteError } from 'react-router';
import { AccountsPage } from './access/AccountsPage.tsx';
import { AuditPage } from './access/AuditPage.tsx';
import { ForRoles } from './access/ForRoles.tsx';
import { firstAddressOf } from './access/first-page.ts';
import { OwnAccountPage } from './access/OwnAccountPage.tsx';
import { SessionGate } from './access/SessionGate.tsx';
import { useSession } from './access/session.ts';
import { MapPickProvider } from './activities/MapPickProvider.tsx';
import { CommunesPage } from './coverage/CommunesPage.tsx';
import { IndicatorPage } from './coverage/IndicatorPage.tsx';
import { PlanPage } from './coverage/PlanPage.tsx';
import { HotspotsPage } from './hotspots/HotspotsPage.tsx';
import { useLanguage } from './i18n/language.ts';
import { MapPage } from './map/MapPage.tsx';

export const makeRouter = () =>
  createBrowserRouter([
    {
      element: <SessionGate />,
      errorElement: <BrokenPage />,
      children: [
        {
          path: '/',
          element: (
            <MapPickProvider>
              <MapPage />
            </MapPickProvider>
          ),
        },
        {
          path: '/communes',
          element: (
            <ForRoles page="communes">
              <CommunesPage />
            </ForRoles>
          ),
        },
        {
          path: '/coverage',
          element: (
            <ForRoles page="coverage">
              <PlanPage />
            </ForRoles>
          ),
        },
        {
          path: '/coverage/:indicator',
          element: (
            <ForRoles page="coverage">
              <IndicatorPage />
            </ForRoles>
          ),
        },
        {
          path: '/hotspots',
          element: (
            <ForRoles page="hotspots">
              <HotspotsPage />
            </ForRoles>
          ),
        },
        {
          path: '/accounts',
          element: (
            <ForRoles page="accounts">
              <AccountsPage />
            </ForRoles>
          ),
        },
        {
          path: '/audit',
          element: (
            <ForRoles page="audit">
              <AuditPage />
            </ForRoles>
          ),
        },
        { path: '/account', element: <OwnAccountPage /> },
        { path: '/sign-in', element: <FirstPage /> },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ]);

/** Whoever is signed in has nothing to do at the door. */
function FirstPage() {
  return <Navigate to={firstAddressOf(useSession())} replace />;
}

function NoSuchPage() {
  const { t } = useLanguage();
  return (
    <main id="content" className="page-state">
      <h1>{t('product.notFoundTitle')}</h1>
      <p>{t('product.notFoundText')}</p>
      <Link to="/">{t('pages.map')}</Link>
    </main>
  );
}

function BrokenPage() {
  const { t } = useLanguage();
  const error = useRouteError();
  const words = isRouteErrorResponse(error)
    ? error.statusText
    : error instanceof Error
      ? error.message
      : String(error);
  return (
    <main className="page-state" role="alert">
      <h1>{t('product.brokenTitle')}</h1>
      <p>{t('product.brokenText')}</p>
      <p>
        <code>{words}</code>
      </p>
      <button type="button" onClick={() => window.location.reload()}>
        {t('product.reload')}
      </button>
    </main>
  );
}
