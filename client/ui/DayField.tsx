import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { readDay } from './day-text.ts';

type DayFieldProps = {
  label: string;
  day: string | null;
  /** Why a day cannot be meant, in words; null where it can. */
  wrong?: (day: string) => string | null;
  onDay: (day: string) => void;
};

/** Asked for when left or confirmed with Enter, and only when it is a day. */
export function DayField({ label, day, wrong, onDay }: DayFieldProps) {
  const { t, format } = useLanguage();
  const [text, setText] = useState(day ? format.day(day) : '');
  const [error, setError] = useState<string | null>(null);
  const finish = () => {
    if (!text && !day) return;
    const read = readDay(text);
    const problem = read ? (wrong?.(read) ?? null) : t('common.badDay');
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
