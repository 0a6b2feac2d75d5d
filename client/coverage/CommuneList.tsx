import { SegmentedControl, Skeleton } from '@mantine/core';
import { createParser, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { CommuneTable } from './CommuneTable.tsx';
import { downloadCsv } from './commune-csv.ts';
import {
  type CommuneRow,
  filterRows,
  type RowFilter,
  rowFilters,
  type SortKey,
  type SortOrder,
  sortKeys,
} from './commune-rows.ts';
import { useTarget } from './target.ts';

/** `-missing`: by that column, descending. */
const parseAsOrder = createParser<SortOrder>({
  parse: (text) => {
    const key = text.replace(/^-/, '');
    return sortKeys.includes(key as SortKey)
      ? { key: key as SortKey, descending: text.startsWith('-') }
      : null;
  },
  serialize: ({ key, descending }) => `${descending ? '-' : ''}${key}`,
  eq: (one, other) => one.key === other.key && one.descending === other.descending,
}).withDefault({ key: 'missing', descending: true });

const skeletonLines = Array.from({ length: 12 }, (_, line) => line);

type CommuneListProps = {
  rows: readonly CommuneRow[];
  loading: boolean;
  columns: 'compact' | 'whole';
  selected: string | null;
  onSelect: (code: string) => void;
};

export function CommuneList({ rows, loading, columns, selected, onSelect }: CommuneListProps) {
  const { t, language } = useLanguage();
  const { target } = useTarget();
  const [order, setOrder] = useQueryState('sort', parseAsOrder);
  const [filter, setFilter] = useQueryState('filter', parseAsStringLiteral(rowFilters).withDefault('all'));
  const shown = useMemo(() => filterRows(rows, filter, target), [rows, filter, target]);
  const words: Record<RowFilter, string> = {
    all: t('table.all'),
    below: t('table.belowTarget'),
    met: t('table.metTarget'),
    border: t('table.border'),
  };
  return (
    <section className="commune-list" aria-labelledby="communes-title">
      <div className="list-head">
        <h2 id="communes-title">
          {t('table.title')} {!loading && <span className="quiet">{shown.length}</span>}
        </h2>
        {columns === 'compact' ? (
          <PageLink to="/communes" className="link-button no-print">
            {t('table.whole')}
          </PageLink>
        ) : (
          <button
            type="button"
            className="link-button no-print"
            onClick={() => downloadCsv(shown, order, t, language)}
          >
            <DownloadIcon /> {t('table.download')}
          </button>
        )}
      </div>
      <SegmentedControl
        className="no-print"
        size="xs"
        fullWidth={columns === 'compact'}
        aria-label={t('table.filter')}
        value={filter}
        onChange={(value) => void setFilter(value as RowFilter)}
        data={rowFilters.map((value) => ({ value, label: words[value] }))}
      />
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="table-scroll" aria-label={t('table.caption')} tabIndex={0}>
        {loading ? (
          skeletonLines.map((line) => <Skeleton key={line} height={24} mt={10} />)
        ) : shown.length === 0 ? (
          <p className="note">{t('table.empty')}</p>
        ) : (
          <CommuneTable
            rows={shown}
            columns={columns}
            order={order}
            selected={selected}
            onOrder={(next) => void setOrder(next)}
            onSelect={onSelect}
          />
        )}
      </section>
    </section>
  );
}
