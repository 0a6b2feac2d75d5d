import { Popover, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useLanguage } from '../i18n/language.ts';
import { useCommunes } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import { AccountIcon, ChevronIcon } from '../ui/icons.tsx';
import { LanguageChoice } from './LanguageChoice.tsx';
import { useSession } from './session.ts';

/** Who is signed in and as what; language, password, tokens and the ways out. */
export function AccountMenu() {
  const { t } = useLanguage();
  const session = useSession();
  const commune = useOwnCommuneName();
  const [opened, setOpened] = useState(false);
  const [failed, setFailed] = useState(false);
  const role = t(`access.roles.${session.role}.name`);
  const shownAs = session.demo ? role : session.account;
  const leave = (everywhere: boolean) => {
    setFailed(false);
    session.signOut(everywhere).catch(() => setFailed(true));
  };
  const close = () => setOpened(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={280}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton className="account-button no-print" onClick={() => setOpened(!opened)}>
          <AccountIcon />
          <span className="visually-hidden">{t('access.menu.title')}: </span>
          <span className="account-button-words">
            <b>{commune ?? shownAs}</b>
            <span>{session.demo ? t('access.demo.mark') : role}</span>
          </span>
          <ChevronIcon />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="account-menu" aria-label={t('access.menu.title')}>
        <div className="account-menu-who">
          <p>
            <b>{session.account}</b>
            {session.demo && <span className="demo-mark">{t('access.demo.mark')}</span>}
          </p>
          <p className="quiet">
            {[role, t(`access.roles.${session.role}.office`)].join(' · ')}
            {commune && <span>{commune}</span>}
          </p>
        </div>
        <div className="account-menu-language">
          <span className="quiet">{t('access.menu.language')}</span>
          <LanguageChoice />
        </div>
        <ul>
          <li>
            <Link to="/account" onClick={close}>
              {t('access.menu.own')}
            </Link>
          </li>
          {session.hasPassword && (
            <li>
              <Link to="/account#password" onClick={close}>
                {t('access.menu.password')}
              </Link>
            </li>
          )}
          <li>
            <Link to="/account#tokens" onClick={close}>
              {t('access.menu.tokens')}
            </Link>
          </li>
        </ul>
        <ul>
          <li>
            <button type="button" onClick={() => leave(false)}>
              {t(session.demo ? 'access.menu.switchRole' : 'access.menu.signOut')}
            </button>
          </li>
          <li>
            <button type="button" onClick={() => leave(true)}>
              {t('access.menu.signOutEverywhere')}
            </button>
          </li>
        </ul>
        <p role="alert" className="account-menu-failed">
          {failed && t('access.menu.signOutFailed')}
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** "Phường Hoa Lư" of a commune's account; null for the others, and until it is read. */
export function useOwnCommuneName(): string | null {
  const { t, language } = useLanguage();
  const { commune } = useSession();
  const communes = useCommunes();
  const own = communes.data?.find(({ code }) => code === commune);
  return own ? communeTitle(own, language, t(`communeType.${own.type}`)) : null;
}
