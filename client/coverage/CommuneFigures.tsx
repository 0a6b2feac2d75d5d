import { Skeleton } from '@mantine/core';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { Download } from './Download.tsx';
import { doneWords } from './figure-words.ts';
import { IndicatorTable } from './IndicatorTable.tsx';
import type { IndicatorTableRow } from './indicator-rows.ts';
import { type PlanQuestion, planAddress } from './plan-question.ts';

type CommuneFiguresProps = {
  question: PlanQuestion;
  description: IndicatorDescription;
  /** Null while they are being read. */
  rows: readonly IndicatorTableRow[] | null;
  /** What no commune did: agencies of the province. */
  agencies: IndicatorFigure | undefined;
  year: number;
  yearIsOver: boolean;
  selected: string | null;
  onSelect: (code: string | null) => void;
};

/** The table behind the map, with its file. */
export function CommuneFigures(props: CommuneFiguresProps) {
  const { question, description, rows, agencies, year, yearIsOver, selected, onSelect } = props;
  const words = useLanguage();
  const { t } = words;
  return (
    <section className="plan-block" id="communes" aria-labelledby="communes-title">
      <div className="block-head">
        <h3 id="communes-title">
          {t('plan.detail.table')} <span className="quiet">{rows?.length}</span>
        </h3>
        <Download
          label={t('plan.controls.download')}
          formats={['xlsx', 'csv']}
          addressOf={(format) =>
            planAddress('/api/coverage/indicators', question, {
              by: 'commune',
              indicator: description.id,
              format,
            })
          }
          name={`dia-ban-${description.id}-${year}`}
        />
      </div>
      {rows ? (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="table-scroll" aria-label={t('plan.detail.table')} tabIndex={0}>
          <IndicatorTable
            description={description}
            rows={rows}
            selected={selected}
            onSelect={onSelect}
            yearIsOver={yearIsOver}
          />
        </section>
      ) : (
        <Skeleton height={300} />
      )}
      {agencies && agencies.numerator !== 0 && (
        <p className="quiet">
          {t('plan.detail.agencies', { what: doneWords(agencies, description, words) })}
        </p>
      )}
    </section>
  );
}
