import type { ReactNode } from 'react';
import { type Language, type Translate, useLanguage } from '../i18n/language.ts';
import { communeTitle } from '../places/place-names.ts';
import type { CommuneRow, SortKey } from './commune-rows.ts';
import { ShareBar } from './ShareBar.tsx';
import { useTarget } from './target.ts';

export type TableColumn = {
  key: SortKey;
  label: ColumnLabel;
  longLabel: ColumnLabel;
  numeric: boolean;
  cell: (props: { row: CommuneRow }) => ReactNode;
};
type ColumnLabel = `table.${
  | 'name'
  | 'rank'
  | 'code'
  | 'type'
  | 'terrain'
  | 'active'
  | 'activeLong'
  | 'inspected'
  | 'inspectedLong'
  | 'inspections'
  | 'share'
  | 'missing'
  | 'missingLong'
  | 'population'
  | 'area'
  | 'formerProvince'}`;

const text = (
  key: SortKey,
  label: ColumnLabel,
  value: (row: CommuneRow, language: Language, t: Translate) => string | null,
): TableColumn => ({
  key,
  label,
  longLabel: label,
  numeric: false,
  cell: function TextCell({ row }) {
    const { t, language } = useLanguage();
    return value(row, language, t) ?? <Missing />;
  },
});

const number = (
  key: SortKey,
  value: (row: CommuneRow) => number | null,
  label: ColumnLabel,
  longLabel: ColumnLabel = label,
  digits = 0,
): TableColumn => ({
  key,
  label,
  longLabel,
  numeric: true,
  cell: function NumberCell({ row }) {
    const { format } = useLanguage();
    const figure = value(row);
    return figure === null ? <Missing /> : format.fixed(figure, digits);
  },
});

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

const share: TableColumn = {
  key: 'share',
  label: 'table.share',
  longLabel: 'table.share',
  numeric: true,
  cell: function ShareCell({ row }) {
    const { t, format } = useLanguage();
    const { target, classes } = useTarget();
    const figure = row.coverage?.share ?? null;
    return (
      <span className="share-cell">
        <ShareBar share={figure} target={target} classes={classes} />
        <span>
          {figure === null ? (
            <abbr title={t('coverage.noEstablishments')}>–</abbr>
          ) : (
            format.percent(figure, target)
          )}
        </span>
      </span>
    );
  },
};

const name = text('name', 'table.name', (row, language, t) =>
  communeTitle(row, language, t(`communeType.${row.type}`)),
);
const active = number(
  'active',
  ({ coverage }) => coverage?.active ?? null,
  'table.active',
  'table.activeLong',
);
const inspected = number(
  'inspected',
  ({ coverage }) => coverage?.inspected ?? null,
  'table.inspected',
  'table.inspectedLong',
);
const missing = number(
  'missing',
  ({ coverage }) => coverage?.missing ?? null,
  'table.missing',
  'table.missingLong',
);

export const compactColumns: readonly TableColumn[] = [name, active, inspected, share, missing];
// What the plan asks first, so that it stays in sight where the table is wider than the screen.
export const wholeColumns: readonly TableColumn[] = [
  name,
  active,
  inspected,
  share,
  missing,
  number('rank', ({ rank }) => rank?.rank ?? null, 'table.rank'),
  number('inspections', ({ coverage }) => coverage?.inspections ?? null, 'table.inspections'),
  number('population', ({ population }) => population, 'table.population'),
  number('area', ({ area_square_km }) => area_square_km, 'table.area', 'table.area', 1),
  text('terrain', 'table.terrain', ({ terrain }, _, t) => terrain && t(`terrain.${terrain}`)),
  text('formerProvince', 'table.formerProvince', ({ former_province }) => former_province),
  text('code', 'table.code', ({ code }) => code),
];
