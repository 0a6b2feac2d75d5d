import { NativeSelect } from '@mantine/core';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { useMay, useSession } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { DayField } from '../ui/DayField.tsx';
import { Download } from './Download.tsx';
import { type PlanQuestion, planAddress } from './plan-question.ts';
import { ReportDownload } from './ReportDownload.tsx';

const yearsBack = 2;

type PlanControlsProps = {
  question: PlanQuestion;
  ask: (next: PlanQuestion) => void;
  /** What the figures on screen are of; null while there are none. */
  shown: { year: number; asOf: string } | null;
  /** On a target's own page the files of the whole plan are left to the page of all. */
  downloads: boolean;
};

/** Which year, up to which day, and the files of the same. */
export function PlanControls({ question, ask, shown, downloads }: PlanControlsProps) {
  const { t } = useLanguage();
  const may = useMay();
  const { commune } = useSession();
  const today = dayInVietnam(new Date());
  const thisYear = Number(today.slice(0, 4));
  const year = shown?.year ?? question.year ?? thisYear;
  const years = [
    ...new Set([year, ...Array.from({ length: yearsBack + 1 }, (_, back) => thisYear - back)]),
  ].sort((one, other) => other - one);
  const asOf = shown?.asOf ?? question.asOf;
  return (
    <div className="plan-controls no-print">
      <NativeSelect
        size="xs"
        label={t('plan.controls.year')}
        value={String(year)}
        onChange={({ currentTarget: { value } }) => ask({ year: Number(value), asOf: null })}
        data={years.map(String)}
      />
      <DayField
        key={asOf}
        label={t('plan.controls.asOf')}
        day={asOf}
        wrong={(day) => (day > today ? t('plan.controls.future') : null)}
        onDay={(day) => ask({ year: null, asOf: day })}
      />
      {(question.asOf !== null || question.year !== null) && (
        <button
          type="button"
          className="link-button no-print"
          onClick={() => ask({ year: null, asOf: null })}
        >
          {t('plan.controls.today')}
        </button>
      )}
      {downloads && (
        <div className="plan-downloads">
          {may.ask('GET /api/coverage/report') && (
            <ReportDownload
              year={year}
              shownAsOf={asOf}
              asOf={question.asOf}
              {...(commune ? { commune } : {})}
            />
          )}
          {may.compareCommunes && (
            <Download
              label={t('plan.controls.table')}
              hint={t('plan.controls.tableHint')}
              formats={['xlsx', 'csv']}
              addressOf={(format) =>
                planAddress('/api/coverage/indicators', question, { by: 'commune', format })
              }
              name={`dia-ban-chi-tieu-${year}`}
            />
          )}
        </div>
      )}
    </div>
  );
}
