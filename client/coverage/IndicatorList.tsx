import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { IndicatorTable } from './IndicatorTable.tsx';
import { rankByShare } from './ranking.ts';
import type { ChosenIndicator } from './use-colouring.ts';

/** The twin of the map while another indicator than the usual one colours it. */
export function IndicatorList({
  chosen: { description, figures, yearIsOver },
  nameOf,
  selected,
  onSelect,
}: {
  chosen: ChosenIndicator;
  nameOf: (code: string) => string;
  selected: string | null;
  onSelect: (code: string) => void;
}) {
  const { t, language } = useLanguage();
  const rows = useMemo(() => {
    const ranks = rankByShare(
      [...figures.values()].map(({ group, value }) => ({ code: group, share: value })),
    );
    return [...figures.entries()].map(([code, figure]) => ({
      code,
      name: nameOf(code),
      figure,
      rank: ranks.get(code) ?? null,
    }));
  }, [figures, nameOf]);
  const caption = t('plan.detail.tableCaption', { name: description.name[language] });
  return (
    <section className="commune-list" aria-labelledby="communes-title">
      <div className="list-head">
        <h2 id="communes-title">
          {t('table.title')} <span className="quiet">{rows.length}</span>
        </h2>
        <PageLink to={`/coverage/${description.id}`} className="link-button no-print">
          {t('plan.open')}
        </PageLink>
      </div>
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="table-scroll" aria-label={caption} tabIndex={0}>
        <IndicatorTable
          compact
          description={description}
          rows={rows}
          selected={selected}
          onSelect={(code) => code && onSelect(code)}
          yearIsOver={yearIsOver}
        />
      </section>
    </section>
  );
}
