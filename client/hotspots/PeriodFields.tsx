import { NativeSelect } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { DayField } from '../ui/DayField.tsx';
import { monthsUpTo } from '../ui/day-text.ts';
import type { AskAnew, Question } from './question.ts';

type PeriodFieldsProps = {
  question: Question;
  ask: AskAnew;
  /** The day on record, up to which the server asks by itself. */
  lastDay: string | null;
};

const usualMonths = 18;
const monthChoices = [usualMonths, 36, 12, 6, 3];

/** The period: so many months up to the last day on record, or one's own days. */
export function PeriodFields({ question, ask, lastDay }: PeriodFieldsProps) {
  const { t } = useLanguage();
  const to = question.to ?? lastDay;
  const from = question.from ?? (to && monthsUpTo(to, usualMonths));
  const chosen =
    to === lastDay
      ? monthChoices.find((months) => to === null || monthsUpTo(to, months) === from)
      : undefined;
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('hotspots.controls.period')}
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const months = Number(value);
          if (months === usualMonths) void ask({ from: null, to: null });
          else if (lastDay) void ask({ from: monthsUpTo(lastDay, months), to: null });
        }}
        data={[
          ...monthChoices.map((months) => ({
            value: String(months),
            label: t('hotspots.controls.months', { count: months }),
          })),
          ...(chosen === undefined ? [{ value: '', label: t('hotspots.controls.ownPeriod') }] : []),
        ]}
      />
      <DayField
        key={`from ${from}`}
        label={t('hotspots.controls.from')}
        day={from}
        wrong={(day) => (to !== null && day > to ? t('hotspots.controls.endsBefore') : null)}
        onDay={(day) => void ask({ from: day })}
      />
      <DayField
        key={`to ${to}`}
        label={t('hotspots.controls.to')}
        day={to}
        wrong={(day) => (from !== null && day < from ? t('hotspots.controls.endsBefore') : null)}
        // The first day is held, or moving the last would move the server's own 18 months too.
        onDay={(day) => void ask({ to: day, from })}
      />
    </>
  );
}
