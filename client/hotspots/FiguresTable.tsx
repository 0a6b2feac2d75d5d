import { SegmentedControl } from '@mantine/core';
import { createParser, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { SortableHead } from '../ui/SortableHead.tsx';
import { type Question, type Side, sides } from './question.ts';
import { sideWords } from './side-words.ts';
import { downloadTable } from './table-csv.ts';
import { sortedRows, type TableOrder, tableOf } from './table-model.tsx';
import type { Answered } from './use-analysis.ts';

const parseAsOrder = createParser<TableOrder>({
  parse: (text) => ({ key: text.replace(/^-/, ''), descending: text.startsWith('-') }),
  serialize: ({ key, descending }) => `${descending ? '-' : ''}${key}`,
  eq: (one, other) => one.key === other.key && one.descending === other.descending,
});

type FiguresTableProps = {
  question: Question;
  answers: Record<Side, Answered | null>;
  selected: string | null;
  nameOf: (code: string) => string;
  onSelect: (code: string) => void;
};

/** The twin of the two maps: the same figures, which can be sorted, read aloud and used with the keyboard. */
export function FiguresTable({ question, answers, selected, nameOf, onSelect }: FiguresTableProps) {
  const { t, format, language } = useLanguage();
  const [side, setSide] = useQueryState('side', parseAsStringLiteral(sides).withDefault('perLook'));
  const [asked, setOrder] = useQueryState('order', parseAsOrder);
  const answered = answers[side];
  const model = useMemo(
    () => answered && tableOf(answered, { t, format, language, nameOf }),
    [answered, t, format, language, nameOf],
  );
  const order = asked && model?.columns.some(({ key }) => key === asked.key) ? asked : model?.order;
  const rows = useMemo(() => (model && order ? sortedRows(model, order) : []), [model, order]);
  const caption = t('hotspots.table.caption', {
    side: t(sideWords(side, question).title),
    view: t(`hotspots.views.${question.view}`),
  });
  return (
    <section className="figures" aria-labelledby="figures-title" id="figures">
      <div className="figures-head">
        <h2 id="figures-title">
          {t('hotspots.table.title')} {model && <span className="quiet">{model.count}</span>}
        </h2>
        <SegmentedControl
          className="no-print"
          size="xs"
          aria-label={t('hotspots.sides.label')}
          value={side}
          onChange={(value) => void setSide(value as Side)}
          data={sides.map((value) => ({ value, label: t(sideWords(value, question).title) }))}
        />
        {model && answered && (
          <button
            type="button"
            className="link-button no-print"
            onClick={() =>
              downloadTable({ ...model, rows }, `diem-nong-${answered.name}-${side}.csv`, {
                t,
                language,
                simulated: answered.answer.simulated,
              })
            }
          >
            <DownloadIcon /> {t('hotspots.table.download')}
          </button>
        )}
      </div>
      {model && order && rows.length > 0 ? (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="figures-scroll" aria-label={caption} tabIndex={0}>
          <table className="commune-table" data-columns="whole">
            <caption className="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {model.columns.map(({ key, label, numeric }) => {
                  const direction = order.key === key ? (order.descending ? 'down' : 'up') : null;
                  return (
                    <SortableHead
                      key={key}
                      label={t(label)}
                      numeric={numeric}
                      direction={direction}
                      onSort={() =>
                        void setOrder({
                          key,
                          descending: order.key === key ? !order.descending : numeric && key !== 'rank',
                        })
                      }
                    />
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, code, cells }) => (
                <tr key={id} data-selected={code !== null && code === selected}>
                  {cells.map((cell, index) => {
                    const { key, numeric } = model.columns[index]!;
                    const shown = cell.shown ?? cell.value;
                    if (code !== null && (key === 'name' || key === 'communes')) {
                      return (
                        <th key={key} scope="row" className={key === 'communes' ? 'wrapped' : undefined}>
                          <button
                            type="button"
                            aria-pressed={code === selected}
                            onClick={() => onSelect(code)}
                          >
                            {shown}
                          </button>
                        </th>
                      );
                    }
                    return (
                      <td key={key} className={numeric ? 'numeric' : undefined}>
                        {cell.value === null ? <Missing /> : shown}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <p className="note">{answered ? t(emptyWords[answered.name]) : t('hotspots.work.noAnswer')}</p>
      )}
    </section>
  );
}

const emptyWords = {
  local: 'hotspots.empty.local',
  density: 'hotspots.empty.density',
  'relative-risk': 'hotspots.empty.risk',
  scan: 'hotspots.empty.scan',
  trend: 'hotspots.empty.trend',
} as const;

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
