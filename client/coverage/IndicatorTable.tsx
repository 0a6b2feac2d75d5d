import { createParser, useQueryState } from 'nuqs';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { IndicatorDescription } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { SortableHead } from '../ui/SortableHead.tsx';
import { communeValueWords, valueWords } from './figure-words.ts';
import { barEnd, IndicatorBar } from './IndicatorBar.tsx';
import {
  type IndicatorOrder,
  type IndicatorSortKey,
  type IndicatorTableRow,
  indicatorSortKeys,
  sortIndicatorRows,
} from './indicator-rows.ts';
import { StatusMark } from './StatusMark.tsx';
import { isDoneOrNot } from './standing.ts';

const parseAsOrder = createParser<IndicatorOrder>({
  parse: (text) => {
    const key = indicatorSortKeys.find((one) => one === text.replace(/^-/, ''));
    return key ? { key, descending: text.startsWith('-') } : null;
  },
  serialize: ({ key, descending }) => `${descending ? '-' : ''}${key}`,
  eq: (one, other) => one.key === other.key && one.descending === other.descending,
});

type IndicatorTableProps = {
  description: IndicatorDescription;
  rows: readonly IndicatorTableRow[];
  selected: string | null;
  onSelect: (code: string | null) => void;
  yearIsOver: boolean;
  /** Beside a map: the columns that tell most. */
  compact?: boolean;
};

/** The twin of the map: the same figures, which can be sorted, read aloud and used with the keyboard. */
export function IndicatorTable({
  description,
  rows,
  selected,
  onSelect,
  yearIsOver,
  compact = false,
}: IndicatorTableProps) {
  const words = useLanguage();
  const { t, language, format } = words;
  const { unit, target } = description;
  const single = isDoneOrNot(description);
  const columns: readonly IndicatorSortKey[] = single
    ? ['name', 'value', 'status']
    : unit === 'items'
      ? ['name', 'numerator']
      : compact
        ? ['name', 'value', 'missing']
        : [
            'name',
            'rank',
            'numerator',
            ...(unit === 'people' ? (['most'] as const) : []),
            'denominator',
            'value',
            'missing',
            'status',
          ];
  const usual: IndicatorOrder = single
    ? { key: 'value', descending: false }
    : { key: unit === 'items' ? 'numerator' : 'missing', descending: true };
  const [wanted, setOrder] = useQueryState('order', parseAsOrder);
  const order = wanted && columns.includes(wanted.key) ? wanted : usual;
  const sorted = useMemo(() => sortIndicatorRows(rows, order), [rows, order]);
  const selectedRow = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    const row = selectedRow.current;
    const box = row?.closest('.table-scroll');
    // Within its own box alone: the page must not jump away from the map that was clicked.
    if (selected && row && box) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }, [selected]);

  const count = (value: number | null) => (value === null ? <Missing /> : format.integer(value));
  const told = (value: number | null, isSmall: boolean | undefined) =>
    isSmall ? <abbr title={t('plan.small.why')}>{t('plan.small.few')}</abbr> : count(value);
  const cell: Record<IndicatorSortKey, (row: IndicatorTableRow) => ReactNode> = {
    name: ({ name }) => name,
    rank: ({ rank }) => count(rank?.rank ?? null),
    numerator: ({ figure }) => told(figure.numerator, figure.suppressed?.numerator),
    most: ({ figure }) => told(figure.upperNumerator, figure.suppressed?.numerator && unit === 'people'),
    denominator: ({ figure }) =>
      figure.suppressed?.denominator && figure.numerator !== null ? (
        <abbr title={figure.reason?.[language]}>{t('plan.small.mark')}</abbr>
      ) : (
        told(figure.denominator, figure.suppressed?.denominator)
      ),
    value: ({ figure }) =>
      single ? (
        (communeValueWords(figure, description, words) ?? <Missing />)
      ) : (
        <span className="value-cell">
          <IndicatorBar figure={figure} target={target} height={8} end={barEnd(target)} />
          <span>
            {figure.value === null ? (
              <abbr title={figure.reason?.[language]}>
                {figure.suppressed ? t('plan.small.mark') : <Missing />}
              </abbr>
            ) : (
              valueWords(figure, description, words)
            )}
          </span>
          {unit === 'people' && (
            <span className="value-most">
              {figure.upper !== null &&
                figure.value !== null &&
                figure.upper > figure.value &&
                `– ${format.percent(figure.upper)}`}
            </span>
          )}
        </span>
      ),
    missing: ({ figure }) => count(figure.missing),
    status: ({ figure }) => <StatusMark figure={figure} yearIsOver={yearIsOver} plain />,
  };
  const numeric = (key: IndicatorSortKey) =>
    !['name', 'status'].includes(key) && !(single && key === 'value');
  return (
    <table
      className="commune-table indicator-table"
      data-columns={compact ? 'compact' : 'whole'}
      data-single={single || undefined}
    >
      <caption className="visually-hidden">
        {t('plan.detail.tableCaption', { name: description.name[language] })}
      </caption>
      <thead>
        <tr>
          {columns.map((key) => {
            const direction = order.key === key ? (order.descending ? 'down' : 'up') : null;
            const label = t(single && key === 'value' ? 'plan.table.result' : `plan.table.${key}`);
            return (
              <SortableHead
                key={key}
                label={label}
                numeric={numeric(key)}
                direction={direction}
                onSort={() =>
                  void setOrder({
                    key,
                    descending: order.key === key ? !order.descending : numeric(key) && key !== 'rank',
                  })
                }
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
            onClick={() => onSelect(row.code === selected ? null : row.code)}
          >
            {columns.map((key) =>
              key === 'name' ? (
                <th key={key} scope="row">
                  <button
                    type="button"
                    aria-pressed={row.code === selected}
                    onClick={(event) => {
                      event.stopPropagation();
                      onSelect(row.code === selected ? null : row.code);
                    }}
                  >
                    {row.name}
                  </button>
                </th>
              ) : (
                <td key={key} className={numeric(key) ? 'numeric' : undefined}>
                  {cell[key](row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A gap is a gap: a dash for the eye and the words for the ear, never a 0. */
function Missing() {
  const { t } = useLanguage();
  return (
    <span className="missing-figure">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('common.notOnRecord')}</span>
    </span>
  );
}
