import { createBrowserRouter, isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { MapPickProvider } from './activities/MapPickProvider.tsx';
import { CommunesPage } from './coverage/CommunesPage.tsx';
import { IndicatorPage } from './coverage/IndicatorPage.tsx';
import { PlanPage } from './coverage/PlanPage.tsx';
import { HotspotsPage } from './hotspots/HotspotsPage.tsx';
import { useLanguage } from './i18n/language.ts';
import { MapPage } from './map/MapPage.tsx';
import { Shell } from './Shell.tsx';

export const makeRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
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
        { path: '/communes', element: <CommunesPage /> },
        { path: '/coverage', element: <PlanPage /> },
        { path: '/coverage/:indicator', element: <IndicatorPage /> },
        { path: '/hotspots', element: <HotspotsPage /> },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ]);

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
