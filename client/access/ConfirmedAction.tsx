import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';

type ConfirmedActionProps = {
  label: string;
  /** What a screen reader says of the button, where the label alone does not tell whose it is. */
  name?: string;
  question: string;
  onConfirmed: () => Promise<void>;
};

/** A button that asks once more beside itself before it does what cannot be taken back. */
export function ConfirmedAction({ label, name, question, onConfirmed }: ConfirmedActionProps) {
  const { t } = useLanguage();
  const [opened, setOpened] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = (next: boolean) => {
    setOpened(next);
    setError(null);
  };
  const act = async () => {
    if (sending) return;
    setSending(true);
    setError(null);
    try {
      await onConfirmed();
      setOpened(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setSending(false);
    }
  };
  return (
    <Popover
      opened={opened}
      onChange={open}
      width={300}
      position="bottom-end"
      shadow="md"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className="link-button" aria-label={name} onClick={() => open(!opened)}>
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="confirm" aria-label={label}>
        <p>{question}</p>
        <div className="account-form-buttons">
          <Button size="xs" color="red.8" aria-disabled={sending} onClick={() => void act()}>
            {label}
          </Button>
          <Button size="xs" variant="default" onClick={() => open(false)}>
            {t('access.accounts.cancel')}
          </Button>
        </div>
        {error !== null && <ReadFailed error={error} onRetry={() => void act()} />}
      </Popover.Dropdown>
    </Popover>
  );
}
