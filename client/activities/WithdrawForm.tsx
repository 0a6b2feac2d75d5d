import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type ActivityKind, withdrawalReasons } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import { FormRefusal } from './FormRefusal.tsx';
import { type Refusal, refusalOf } from './server-errors.ts';
import { type AnyActivity, useReadAgain, type WithdrawalReason, withdrawActivity } from './use-activities.ts';

/** `superseded` is the system's own, where communes were merged. */
const reasons = withdrawalReasons.filter((reason): reason is WithdrawalReason => reason !== 'superseded');

type WithdrawFormProps = {
  kind: ActivityKind;
  activity: AnyActivity;
  onWithdrawn: () => void;
  onLeave: () => void;
};

export function WithdrawForm({ kind, activity, onWithdrawn, onLeave }: WithdrawFormProps) {
  const { t } = useLanguage();
  const readAgain = useReadAgain();
  const [reason, setReason] = useState<WithdrawalReason | null>(null);
  const [missing, setMissing] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const underWay = useRef(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const send = async () => {
    if (underWay.current) return;
    if (!reason) {
      setMissing(true);
      first.current?.focus();
      return;
    }
    underWay.current = true;
    setRefusal(null);
    try {
      await withdrawActivity(kind, activity, reason);
      readAgain();
      onWithdrawn();
    } catch (error) {
      const refused = refusalOf(error, kind);
      setRefusal(refused);
      // What is there now is read, so that the next press is about what the person has seen.
      if (refused.kind === 'changed' || refused.kind === 'withdrawn') readAgain();
    } finally {
      underWay.current = false;
    }
  };
  return (
    <form
      className="withdraw-form"
      aria-label={t('activities.withdraw.title')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={({ key }) => key === 'Escape' && onLeave()}
    >
      <p>{t('activities.withdraw.text')}</p>
      <fieldset className="activity-field" data-wrong={missing && !reason}>
        <legend>{t('activities.withdraw.reason')}</legend>
        <div className="choices">
          {reasons.map((option, position) => (
            <label key={option} className="choice">
              <input
                type="radio"
                name={`withdraw-${activity.id}`}
                ref={position === 0 ? first : undefined}
                checked={reason === option}
                onChange={() => setReason(option)}
              />
              <span>{t(`activities.reasons.${option}`)}</span>
            </label>
          ))}
        </div>
        {missing && !reason && (
          <p className="field-error" role="alert">
            {t('activities.withdraw.choose')}
          </p>
        )}
      </fieldset>
      {refusal?.kind === 'changed' ? (
        <p className="field-error" role="alert">
          {t('activities.withdraw.changed')}
        </p>
      ) : (
        refusal && <FormRefusal refusal={refusal} onAsNew={onLeave} onList={onLeave} />
      )}
      <div className="form-buttons">
        <Button type="submit" size="sm" color="red.8">
          {t('activities.withdraw.send')}
        </Button>
        <Button size="sm" variant="default" onClick={onLeave}>
          {t('activities.withdraw.back')}
        </Button>
      </div>
    </form>
  );
}
