import { Button } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';

type LeaveQuestionProps = {
  onStay: () => void;
  onKeep: () => void;
  onDiscard: () => void;
};

/** Asked where something is typed and not recorded. */
export function LeaveQuestion({ onStay, onKeep, onDiscard }: LeaveQuestionProps) {
  const { t } = useLanguage();
  return (
    <div className="leave-question" role="alert">
      <p>{t('activities.form.leaveTitle')}</p>
      <div className="form-buttons">
        <Button size="sm" autoFocus onClick={onStay}>
          {t('activities.form.stay')}
        </Button>
        <Button size="sm" variant="default" onClick={onKeep}>
          {t('activities.form.keep')}
        </Button>
        <Button size="sm" variant="default" onClick={onDiscard}>
          {t('activities.form.discard')}
        </Button>
      </div>
    </div>
  );
}
