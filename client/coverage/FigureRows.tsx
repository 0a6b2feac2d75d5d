import { Button, Skeleton } from '@mantine/core';
import type { IndicatorDescription } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import type { PlanQuestion } from './plan-question.ts';
import { useIndicatorRows } from './use-indicators.ts';

type FigureRowsProps = {
  question: PlanQuestion;
  description: IndicatorDescription;
  commune: string | null;
  nameOf: (code: string) => string;
  /** Null where there is nothing but the commune's own. */
  onWhole: (() => void) | null;
};

/** The activities that a figure counts, so that it can be traced to what is on record. */
export function FigureRows({ question, description, commune, nameOf, onWhole }: FigureRowsProps) {
  const { t, language, format } = useLanguage();
  const pages = useIndicatorRows(question, description.id, commune);
  const first = pages.data?.pages[0];
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const bounded = first?.total.addsToUpper !== null && first !== undefined;
  const places = rows.some(({ place }) => place !== null);
  const hides = rows.some(({ amount, adds }) => amount === null || adds === null);
  /** What is not told is a small count of people: nothing else is left out of a row. */
  const count = (value: number | null) =>
    value === null ? <abbr title={t('plan.small.why')}>{t('plan.small.few')}</abbr> : format.integer(value);
  const notes = rows.some(({ note }) => note !== null);
  return (
    <section className="plan-block" id="rows" aria-labelledby="rows-title">
      <div className="block-head">
        <h3 id="rows-title">
          {commune ? t('plan.rows.titleOf', { name: nameOf(commune) }) : t('plan.rows.title')}{' '}
          {first && <span className="quiet">{t('plan.rows.matched', { count: first.matched })}</span>}
        </h3>
        {commune && onWhole && (
          <button type="button" className="link-button no-print" onClick={onWhole}>
            {t('plan.rows.all')}
          </button>
        )}
      </div>
      <p className="quiet">
        {t('plan.rows.hint')} {(hides || first?.total.inFives) && t('plan.rows.small')}
      </p>
      {pages.isError && !first ? (
        <ReadFailed error={pages.error} onRetry={() => void pages.refetch()} />
      ) : !first ? (
        <Skeleton height={220} />
      ) : rows.length === 0 ? (
        <p className="note">{t('plan.rows.none')}</p>
      ) : (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="table-scroll" aria-label={t('plan.rows.title')} tabIndex={0}>
          <table className="commune-table rows-table" data-columns="whole">
            <caption className="visually-hidden">{t('plan.rows.hint')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('plan.rows.day')}</th>
                <th scope="col">{t('plan.rows.activity')}</th>
                <th scope="col">{t('plan.rows.reference')}</th>
                {!commune && <th scope="col">{t('plan.rows.commune')}</th>}
                {places && <th scope="col">{t('plan.rows.place')}</th>}
                <th scope="col" className="numeric">
                  {t('plan.rows.amount')}
                </th>
                <th scope="col" className="numeric">
                  {t('plan.rows.adds')}
                </th>
                {bounded && (
                  <th scope="col" className="numeric">
                    {t('plan.rows.addsToUpper')}
                  </th>
                )}
                {notes && <th scope="col">{t('plan.rows.note')}</th>}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.activity} ${row.id}`} data-adds={row.adds !== 0}>
                  <td>{format.day(row.day)}</td>
                  <td>{t(`plan.rows.activities.${row.activity}`)}</td>
                  <td>{row.reference}</td>
                  {!commune && <td>{row.communeCode ? nameOf(row.communeCode) : '–'}</td>}
                  {places && <td>{row.place?.name ?? '–'}</td>}
                  <td className="numeric">{count(row.amount)}</td>
                  <td className="numeric">
                    <b>{count(row.adds)}</b>
                  </td>
                  {bounded && <td className="numeric">{count(row.addsToUpper)}</td>}
                  {notes && <td className="row-note">{row.note?.[language]}</td>}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={3 + Number(!commune) + Number(places) + 1}>
                  {t('plan.rows.total')}
                </th>
                <td className="numeric">
                  <b>{count(first.total.adds)}</b>
                </td>
                {bounded && <td className="numeric">{count(first.total.addsToUpper)}</td>}
                {notes && <td />}
              </tr>
            </tfoot>
          </table>
        </section>
      )}
      {pages.hasNextPage && (
        <Button
          className="no-print"
          variant="default"
          size="xs"
          mt={10}
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('plan.rows.more')} ({format.integer(rows.length)} / {format.integer(first?.matched ?? 0)})
        </Button>
      )}
    </section>
  );
}
