import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { monthsUpTo, readDay } from './day-text.ts';
import type { AskAnew, Question } from './question.ts';

type PeriodFieldsProps = {
  question: Question;
  ask: AskAnew;
  answered: { from: string; to: string } | null;
};

const usualMonths = 18;
const monthChoices = [usualMonths, 36, 12, 6, 3];

/** The period: so many months up to the last day on record, or one's own days. */
export function PeriodFields({ question, ask, answered }: PeriodFieldsProps) {
  const { t } = useLanguage();
  const { from, to } = question;
  const lastDay = to ?? answered?.to ?? null;
  const chosen =
    from === null && to === null
      ? usualMonths
      : to === null
        ? monthChoices.find((months) => lastDay !== null && monthsUpTo(lastDay, months) === from)
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
          else if (months && lastDay) void ask({ from: monthsUpTo(lastDay, months), to: null });
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
        key={`from ${from ?? answered?.from}`}
        label={t('hotspots.controls.from')}
        day={from ?? answered?.from ?? null}
        wrong={(day) => (lastDay !== null && day > lastDay ? t('hotspots.controls.endsBefore') : null)}
        onDay={(day) => void ask({ from: day })}
      />
      <DayField
        key={`to ${to ?? answered?.to}`}
        label={t('hotspots.controls.to')}
        day={to ?? answered?.to ?? null}
        wrong={(day) => {
          const first = from ?? answered?.from;
          return first && day < first ? t('hotspots.controls.endsBefore') : null;
        }}
        // The first day is held, or moving the last would move the server's own 18 months too.
        onDay={(day) => void ask({ to: day, from: from ?? answered?.from ?? null })}
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
