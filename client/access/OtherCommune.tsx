import { Button, CloseButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { CommuneFacts } from '../coverage/CommuneFacts.tsx';
import { useLanguage } from '../i18n/language.ts';
import type { Commune } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import { BackIcon } from '../ui/icons.tsx';

type OtherCommuneProps = {
  row: Commune;
  /** Of a commune's account its own. */
  ownName: string | null;
  onOwn: (() => void) | null;
  onClose: (() => void) | null;
};

/** A commune whose figures are not the account's to see: its general facts, and the way back. */
export function OtherCommune({ row, ownName, onOwn, onClose }: OtherCommuneProps) {
  const { t, language } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another commune is another opening
  useEffect(() => heading.current?.focus({ preventScroll: true }), [row.code]);
  const title = communeTitle(row, language, t(`communeType.${row.type}`));
  return (
    <section className="commune-panel" aria-label={t('commune.panel', { name: title })}>
      <div className="panel-bar">
        {onOwn && ownName && (
          <Button variant="subtle" size="compact-sm" leftSection={<BackIcon />} onClick={onOwn}>
            {t('access.limits.toOwn', { name: ownName })}
          </Button>
        )}
        {onClose && <CloseButton aria-label={t('common.close')} ml="auto" onClick={onClose} />}
      </div>
      <div className="panel-scroll">
        <header>
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <p className="quiet">{t('commune.code', { code: row.code })}</p>
        </header>
        <p className="note">
          {ownName ? t('access.limits.elsewhere', { name: ownName }) : t('access.limits.noFigures')}
        </p>
        <CommuneFacts row={row} />
      </div>
    </section>
  );
}
