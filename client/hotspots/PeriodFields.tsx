import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { monthsUpTo, readDay } from './day-text.ts';
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

type DayFieldProps = {
  label: string;
  day: string | null;
  wrong: (day: string) => string | null;
  onDay: (day: string) => void;
};

/** Asked for when left or confirmed with Enter, and only when it is a day. */
function DayField({ label, day, wrong, onDay }: DayFieldProps) {
  const { t, format } = useLanguage();
  const [text, setText] = useState(day ? format.day(day) : '');
  const [error, setError] = useState<string | null>(null);
  const finish = () => {
    if (!text && !day) return;
    const read = readDay(text);
    const problem = read ? wrong(read) : t('hotspots.controls.badDay');
    setError(problem);
    if (read && !problem && read !== day) onDay(read);
  };
  return (
    <TextInput
      className="day-field"
      size="xs"
      label={label}
      placeholder="31/10/2026"
      inputMode="numeric"
      value={text}
      error={error}
      onChange={({ currentTarget: { value } }) => setText(value)}
      onBlur={finish}
      onKeyDown={({ key }) => key === 'Enter' && finish()}
    />
  );
}
