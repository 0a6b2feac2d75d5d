import { Button, Loader, NativeSelect, Popover } from '@mantine/core';
import { useState } from 'react';
import { readFile } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { saveFile } from '../ui/save-file.ts';

export type FileFormat = 'docx' | 'pdf' | 'xlsx' | 'csv' | 'jsonl';

type DownloadProps = {
  label: string;
  hint?: string;
  formats: readonly FileFormat[];
  /** What may be chosen before, such as a report's period. */
  choices?: { label: string; values: { value: string; label: string }[]; usual: string };
  addressOf: (format: FileFormat, choice: string) => string;
  /** What the file is called where the server gives it no name, without its ending. */
  name: string;
};

/**
 * A file in one of several formats. It is asked for and then saved, rather than followed as a link: a report takes some
 * seconds, and when it cannot be made the server says why.
 */
export function Download({ label, hint, formats, choices, addressOf, name }: DownloadProps) {
  const { t } = useLanguage();
  const [choice, setChoice] = useState(choices?.usual ?? '');
  const [making, setMaking] = useState<FileFormat | null>(null);
  const [failed, setFailed] = useState<{ error: unknown; format: FileFormat } | null>(null);
  const make = async (format: FileFormat) => {
    setMaking(format);
    setFailed(null);
    try {
      const file = await readFile(addressOf(format, choice));
      saveFile(file.content, file.name ?? `${name}.${format}`);
    } catch (error) {
      setFailed({ error, format });
    } finally {
      setMaking(null);
    }
  };
  return (
    <Popover position="bottom-end" withArrow trapFocus shadow="md" onClose={() => setFailed(null)}>
      <Popover.Target>
        <Button className="no-print" variant="default" size="xs" leftSection={<DownloadIcon />}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="download" aria-label={label}>
        {hint && <p className="quiet">{hint}</p>}
        {choices && (
          <NativeSelect
            size="xs"
            label={choices.label}
            value={choice}
            onChange={({ currentTarget: { value } }) => setChoice(value)}
            data={choices.values}
          />
        )}
        <div className="download-formats">
          {formats.map((format) => (
            <Button
              key={format}
              size="xs"
              variant="light"
              disabled={making !== null}
              onClick={() => void make(format)}
            >
              {t(`plan.controls.formats.${format}`)}
            </Button>
          ))}
        </div>
        <div role="status">
          {making && (
            <p className="download-making">
              <Loader size="xs" /> {t('plan.controls.preparing')}
            </p>
          )}
        </div>
        {failed && <ReadFailed error={failed.error} onRetry={() => void make(failed.format)} />}
      </Popover.Dropdown>
    </Popover>
  );
}
