import { useEffect, useMemo, useRef } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { SortableHead } from '../ui/SortableHead.tsx';
import { type CommuneRow, type SortKey, type SortOrder, sortRows } from './commune-rows.ts';
import { compactColumns, type TableColumn, wholeColumns } from './table-columns.tsx';

type CommuneTableProps = {
  rows: readonly CommuneRow[];
  columns: 'compact' | 'whole';
  order: SortOrder;
  selected: string | null;
  onOrder: (order: SortOrder) => void;
  onSelect: (code: string) => void;
};

/** The twin of the map: the same figures, which can be sorted, read aloud and used with the keyboard. */
export function CommuneTable({ rows, columns, order, selected, onOrder, onSelect }: CommuneTableProps) {
  const { t } = useLanguage();
  const shown: readonly TableColumn[] = columns === 'compact' ? compactColumns : wholeColumns;
  const sorted = useMemo(() => sortRows(rows, order), [rows, order]);
  const selectedRow = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) selectedRow.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);

  const sortBy = (key: SortKey, numeric: boolean) =>
    onOrder({ key, descending: order.key === key ? !order.descending : numeric && key !== 'rank' });
  return (
    <table className="commune-table" data-columns={columns}>
      <caption className="visually-hidden">{t('table.caption')}</caption>
      <thead>
        <tr>
          {shown.map(({ key, label, longLabel, numeric }) => {
            const direction = order.key === key ? (order.descending ? 'down' : 'up') : null;
            return (
              <SortableHead
                key={key}
                label={t(columns === 'compact' ? label : longLabel)}
                longLabel={t(longLabel)}
                numeric={numeric}
                direction={direction}
                onSort={() => sortBy(key, numeric)}
              />
            );
          })}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          // A click anywhere on the row is a convenience for the mouse; the button in it is what the keyboard reaches.
          <tr
            key={row.code}
            ref={row.code === selected ? selectedRow : undefined}
            data-selected={row.code === selected}
            onClick={() => onSelect(row.code)}
          >
            {shown.map(({ key, numeric, cell: Cell }) =>
              key === 'name' ? (
                <th key={key} scope="row">
                  <button
                    type="button"
                    aria-pressed={row.code === selected}
                    onClick={(event) => {
                      event.stopPropagation();
                      onSelect(row.code);
                    }}
                  >
                    <Cell row={row} />
                  </button>
                </th>
              ) : (
                <td key={key} className={numeric ? 'numeric' : undefined}>
                  <Cell row={row} />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
