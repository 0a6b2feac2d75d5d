import { reportPeriods } from '../../contract/coverage-report.ts';
import { useLanguage } from '../i18n/language.ts';
import { Download } from './Download.tsx';
import { planAddress } from './plan-question.ts';

type ReportDownloadProps = {
  year: number;
  /** The day that figures on screen are of: its quarter is the period offered first. */
  shownAsOf: string | null;
  /** The day asked for, up to which the report counts; null for its period's own last day. */
  asOf: string | null;
  /** Whose report; the province's without it. */
  commune?: string;
};

/** The report owed for a period, to be finished in Word, printed, or counted on in a spreadsheet. */
export function ReportDownload({ year, shownAsOf, asOf, commune }: ReportDownloadProps) {
  const { t } = useLanguage();
  const quarter = shownAsOf ? `Q${Math.ceil(Number(shownAsOf.slice(5, 7)) / 3)}` : 'year';
  return (
    <Download
      key={quarter}
      label={t(commune ? 'plan.controls.communeReport' : 'plan.controls.report')}
      formats={['docx', 'pdf', 'xlsx']}
      choices={{
        label: t('plan.controls.reportPeriod'),
        values: reportPeriods.map((value) => ({ value, label: t(`plan.controls.periods.${value}`) })),
        usual: quarter,
      }}
      addressOf={(format, period) =>
        planAddress(
          '/api/coverage/report',
          { year, asOf },
          { period, format, ...(commune ? { commune } : {}) },
        )
      }
      name={`dia-ban-bao-cao-${year}${commune ? `-${commune}` : ''}`}
    />
  );
}
