import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language.ts';
import type { Field } from './activity-fields.ts';
import type { FieldError } from './draft.ts';

type FieldFrameProps = {
  field: Field;
  error: FieldError | null;
  hint?: string | null;
  /** A group of controls has a legend, a single one a label. */
  group?: boolean;
  children: ReactNode;
};

export const controlId = ({ name }: Pick<Field, 'name'>) => `activity-${name}`;

/** What describes a control, for `aria-describedby`. */
export const describedBy = (field: Field, error: FieldError | null, hint: string | null | undefined) =>
  [error && `${controlId(field)}-error`, hint && `${controlId(field)}-hint`].filter(Boolean).join(' ') ||
  undefined;

/** Label, control, hint and what is wrong, one under the other. */
export function FieldFrame({ field, error, hint, group = false, children }: FieldFrameProps) {
  const { t } = useLanguage();
  const id = controlId(field);
  const label = t(`activities.fields.${field.name}`);
  const below = (
    <>
      {error && (
        <p className="field-error" id={`${id}-error`}>
          <ErrorText error={error} />
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
  if (group)
    return (
      <fieldset
        className="activity-field"
        data-wrong={error !== null}
        aria-describedby={describedBy(field, error, hint)}
      >
        <legend>{label}</legend>
        {children}
        {below}
      </fieldset>
    );
  return (
    <div className="activity-field" data-wrong={error !== null}>
      <label htmlFor={id}>
        {label}
        {field.name === 'reference' && (
          <span className="quiet optional-mark"> ({t('activities.form.optional')})</span>
        )}
      </label>
      {children}
      {below}
    </div>
  );
}

export function ErrorText({ error }: { error: FieldError }) {
  const { t, language } = useLanguage();
  return 'expected' in error
    ? t('activities.errors.expected', { what: error.expected[language].replace(/[.\s]+$/, '') })
    : t(error.name, error.values);
}
