import { Button, CloseButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useMay } from '../access/session.ts';
import { CommuneActivities } from '../activities/CommuneActivities.tsx';
import { useLanguage } from '../i18n/language.ts';
import { CommunePlaces } from '../places/CommunePlaces.tsx';
import { communeTitle } from '../places/place-names.ts';
import { Facts } from '../ui/Facts.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { CommuneFacts } from './CommuneFacts.tsx';
import { CommuneTargets } from './CommuneTargets.tsx';
import type { CommuneRow } from './commune-rows.ts';
import { ShareBar } from './ShareBar.tsx';
import { useTarget } from './target.ts';

type CommunePanelProps = {
  row: CommuneRow;
  provinceShare: number | null;
  /** The days of which establishments count as active. */
  period: { from: string; to: string };
  /** Null where there is nowhere to go back to. */
  onClose: (() => void) | null;
};

/** A commune's figures. Takes the focus when it opens, so that the keyboard goes on from here. */
export function CommunePanel({ row, provinceShare, period, onClose }: CommunePanelProps) {
  const { t, language, format } = useLanguage();
  const { target, classes } = useTarget();
  const may = useMay();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another commune is another opening
  useEffect(() => heading.current?.focus({ preventScroll: true }), [row.code]);

  const { coverage, rank } = row;
  const title = communeTitle(row, language, t(`communeType.${row.type}`));
  const met = coverage !== null && coverage.share !== null && coverage.share >= target;
  return (
    <section className="commune-panel" aria-label={t('commune.panel', { name: title })}>
      {onClose && (
        <div className="panel-bar">
          <Button variant="subtle" size="compact-sm" leftSection={<BackIcon />} onClick={onClose}>
            {t('table.back')}
          </Button>
          <CloseButton aria-label={t('common.close')} onClick={onClose} />
        </div>
      )}
      <div className="panel-scroll">
        <header>
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <p className="quiet">
            {[
              t('commune.code', { code: row.code }),
              row.terrain && t(`terrain.${row.terrain}`),
              t('product.province', { name: row.province_name }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </header>

        <CommuneActivities commune={row}>
          <CommuneTargets code={row.code} />

          <h3>{t('summary.title', { year: period.to.slice(0, 4) })}</h3>
          {coverage === null || coverage.share === null ? (
            <p className="note">{t('coverage.noneToInspect')}</p>
          ) : (
            <div className="panel-share">
              <p className="summary-figure">
                <strong>{format.percent(coverage.share, target)}</strong>
                <span className="status" data-met={met}>
                  {met ? t('coverage.met') : t('coverage.notMet')} {format.wholePercent(target)}
                </span>
              </p>
              <ShareBar
                share={coverage.share}
                target={target}
                classes={classes}
                reference={provinceShare}
                height={10}
              />
              <p className="share-marks" aria-hidden="true">
                <span>0</span>
                <span>{t('summary.target', { share: format.wholePercent(target) })}</span>
                <span>{format.wholePercent(2 * target)}</span>
              </p>
            </div>
          )}
          {coverage && (
            <Facts
              facts={[
                [t('commune.active'), format.integer(coverage.active)],
                [t('commune.inspected'), format.integer(coverage.inspected)],
                [t('commune.missing'), format.integer(coverage.missing)],
                [t('commune.inspections'), format.integer(coverage.inspections)],
                ...(may.compareCommunes
                  ? ([
                      [
                        t('commune.rank'),
                        rank &&
                          t('commune.rankOf', {
                            rank: format.integer(rank.rank),
                            of: format.integer(rank.of),
                          }),
                      ],
                    ] as const)
                  : []),
              ]}
            />
          )}

          <CommuneFacts row={row} />
          <CommunePlaces code={row.code} period={period} />
        </CommuneActivities>
      </div>
    </section>
  );
}
