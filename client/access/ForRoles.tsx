import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type MessageName, useLanguage } from '../i18n/language.ts';
import { firstAddressOf, firstPageOf, type PageName, pages, pagesFor } from './first-page.ts';
import { useSession } from './session.ts';

/** A page for those roles whose navigation has it; for the others, why it is not theirs, and where theirs is. */
export function ForRoles({ page, children }: { page: PageName; children: ReactNode }) {
  const { role } = useSession();
  return pagesFor(role).includes(page) ? children : <NotForRole page={page} />;
}

const reasonOf = (page: PageName, isAdmin: boolean): MessageName =>
  page === 'accounts' || page === 'audit'
    ? 'access.notForRole.admin'
    : isAdmin
      ? 'access.notForRole.figures'
      : page === 'hotspots'
        ? 'access.notForRole.hotspots'
        : 'access.notForRole.communes';

function NotForRole({ page }: { page: PageName }) {
  const { t } = useLanguage();
  const session = useSession();
  const { role } = session;
  return (
    <main id="content" className="page-state">
      <h2>{t('access.notForRole.title', { role: t(`access.roles.${role}.name`) })}</h2>
      <p>{t(reasonOf(page, role === 'admin'))}</p>
      <Link to={firstAddressOf(session)}>
        {t('access.notForRole.back', {
          page: session.commune
            ? t('access.notForRole.ownCommune')
            : t(pages[firstPageOf(role)].title).toLocaleLowerCase(),
        })}
      </Link>
    </main>
  );
}
