import type { Account } from '../../contract/access-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';
import { momentWords } from './moments.ts';
import { useSession } from './session.ts';

export function AccountTable({
  accounts,
  onChange,
}: {
  accounts: readonly Account[];
  onChange: (account: Account) => void;
}) {
  const { t, format } = useLanguage();
  const own = useSession().account;
  const stateOf = (one: Account): string =>
    t(
      one.disabledAt
        ? 'access.accounts.disabled'
        : one.mustChangePassword
          ? 'access.accounts.mustChange'
          : 'access.accounts.active',
    );
  return (
    // Focusable, so that the keyboard can scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="admin-scroll" aria-label={t('access.accounts.title')} tabIndex={0}>
      <table className="admin-table">
        <caption className="visually-hidden">{t('access.accounts.text')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('access.accounts.account')}</th>
            <th scope="col">{t('access.accounts.role')}</th>
            <th scope="col">{t('access.accounts.state')}</th>
            <th scope="col">{t('access.accounts.lastSignIn')}</th>
            <th scope="col" className="numeric">
              {t('access.accounts.sessions')}
            </th>
            <th scope="col" className="numeric">
              {t('access.accounts.tokens')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('access.accounts.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((one) => (
            <tr key={one.account} data-over={one.disabledAt !== null}>
              <th scope="row">
                <b>{one.account}</b>
                {one.account === own && <span className="quiet">{t('access.accounts.you')}</span>}
              </th>
              <td>
                <b>{t(`access.roles.${one.role}.name`)}</b>
                <span className="quiet">
                  {one.communeName ?? one.commune ?? t(`access.roles.${one.role}.office`)}
                </span>
              </td>
              <td>
                <span className="account-state" data-state={one.disabledAt ? 'disabled' : 'active'}>
                  {stateOf(one)}
                </span>
                <span className="quiet">
                  {[
                    one.demo && t('access.demo.mark'),
                    one.singleSignOn && t('access.accounts.single'),
                    one.slowed && t('access.accounts.slowed'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </td>
              <td>{one.lastSignInAt ? momentWords(one.lastSignInAt, format) : t('access.accounts.never')}</td>
              <td className="numeric">{format.integer(one.sessions)}</td>
              <td className="numeric">{format.integer(one.tokens)}</td>
              <td>
                {!one.demo && (
                  <button
                    type="button"
                    className="link-button"
                    aria-label={t('access.accounts.changeNamed', { account: one.account })}
                    onClick={() => onChange(one)}
                  >
                    {t('access.accounts.change')}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
