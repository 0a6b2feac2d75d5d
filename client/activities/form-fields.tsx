import type { KeyboardEvent } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { BackIcon } from '../ui/icons.tsx';
import { choices, type Field, programmes } from './activity-fields.ts';
import { type Draft, type FieldError, readDayField } from './draft.ts';
import { controlId, describedBy, FieldFrame } from './FieldFrame.tsx';
import { dayAfter, dayText } from './field-texts.ts';
import { optionName } from './record-facts.ts';

export type FieldProps<Type extends Field['type']> = {
  field: Extract<Field, { type: Type }>;
  draft: Draft;
  error: FieldError | null;
  today: string;
  onChange: (name: keyof Draft, value: string) => void;
};

/** Written, not picked from a calendar: today stands there already, and a day back is one key. */
export function DayControl({ field, draft, error, today, onChange }: FieldProps<'day'>) {
  const { t } = useLanguage();
  const text = draft[field.name] ?? '';
  const hint =
    field.name === 'dueOn'
      ? t('activities.hints.dueOn')
      : field.name === 'resolvedOn'
        ? null
        : t('activities.hints.day');
  const step = (days: number) =>
    onChange(field.name, dayText(dayAfter(readDayField(field.name, draft, today) ?? today, days)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    step(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <FieldFrame field={field} error={error} hint={hint}>
      <div className="day-control">
        <input
          id={controlId(field)}
          className="activity-input"
          data-short={true}
          inputMode="numeric"
          autoComplete="off"
          placeholder="31/10/2026"
          value={text}
          aria-invalid={error !== null}
          aria-describedby={describedBy(field, error, hint)}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onChange={({ currentTarget: { value } }) => onChange(field.name, value)}
          // What was read of a short day is shown, so that a slip is seen before it is sent.
          onBlur={() => {
            const day = readDayField(field.name, draft, today);
            if (day && dayText(day) !== text) onChange(field.name, dayText(day));
          }}
          onKeyDown={onKeyDown}
        />
        {/* For fingers; the arrow keys do the same. */}
        <button
          type="button"
          className="day-step"
          tabIndex={-1}
          aria-label={t('activities.form.earlier')}
          onClick={() => step(-1)}
        >
          <BackIcon />
        </button>
        <button
          type="button"
          tabIndex={-1}
          className="day-step later"
          aria-label={t('activities.form.later')}
          onClick={() => step(1)}
        >
          <BackIcon />
        </button>
      </div>
    </FieldFrame>
  );
}

/** All that can be chosen at a glance; the arrow keys go through it, Tab leaves it. */
export function ChoiceControl({ field, draft, error, onChange }: FieldProps<'choice'>) {
  const { t } = useLanguage();
  return (
    <FieldFrame field={field} error={error} group>
      <div className="choices">
        {choices[field.name].map((option, position) => (
          <label key={option} className="choice">
            <input
              type="radio"
              id={position === 0 ? controlId(field) : undefined}
              name={controlId(field)}
              value={option}
              checked={draft[field.name] === option}
              onChange={() => onChange(field.name, option)}
            />
            <span>{t(optionName(field.name, option))}</span>
          </label>
        ))}
      </div>
    </FieldFrame>
  );
}

export function ProgrammesControl({ field, draft, error, onChange }: FieldProps<'programmes'>) {
  const { t } = useLanguage();
  const chosen = new Set((draft.integratedWith ?? '').split(',').filter(Boolean));
  const toggle = (option: (typeof programmes)[number]) =>
    onChange(
      field.name,
      programmes.filter((one) => (one === option ? !chosen.has(one) : chosen.has(one))).join(','),
    );
  return (
    <FieldFrame field={field} error={error} hint={t('activities.hints.integratedWith')} group>
      <div className="choices">
        {programmes.map((option, position) => (
          <label key={option} className="choice">
            <input
              type="checkbox"
              id={position === 0 ? controlId(field) : undefined}
              checked={chosen.has(option)}
              onChange={() => toggle(option)}
            />
            <span>{t(optionName('integratedWith', option))}</span>
          </label>
        ))}
      </div>
    </FieldFrame>
  );
}

type LineProps = FieldProps<'count' | 'text' | 'year'> & { hint: string | null };

/** A number or a line of text. */
export function LineControl({ field, draft, error, hint, onChange }: LineProps) {
  return (
    <FieldFrame field={field} error={error} hint={hint}>
      <input
        id={controlId(field)}
        className="activity-input"
        data-short={field.type !== 'text'}
        inputMode={field.type === 'text' ? 'text' : 'numeric'}
        autoComplete="off"
        maxLength={field.type === 'text' ? field.most : 12}
        value={draft[field.name] ?? ''}
        aria-invalid={error !== null}
        aria-describedby={describedBy(field, error, hint)}
        onChange={({ currentTarget: { value } }) => onChange(field.name, value)}
      />
    </FieldFrame>
  );
}
