import { useLanguage } from '../i18n/language.ts';
import { SortIcon } from './icons.tsx';

type SortableHeadProps = {
  label: string;
  /** What the column is called in full, for the hint. */
  longLabel?: string;
  numeric: boolean;
  /** How the table is sorted by this column; null when by another. */
  direction: 'up' | 'down' | null;
  onSort: () => void;
};

/** The head of a column by which its table can be sorted. */
export function SortableHead({ label, longLabel = label, numeric, direction, onSort }: SortableHeadProps) {
  const { t } = useLanguage();
  return (
    <th
      scope="col"
      className={numeric ? 'numeric' : undefined}
      aria-sort={direction === null ? undefined : direction === 'up' ? 'ascending' : 'descending'}
    >
      <button type="button" onClick={onSort} title={t('table.sortBy', { column: longLabel })}>
        {label}
        <SortIcon direction={direction} />
      </button>
    </th>
  );
}
