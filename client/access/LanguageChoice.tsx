import { SegmentedControl } from '@mantine/core';
import { type Language, languages, useLanguage } from '../i18n/language.ts';

const names: Record<Language, string> = { vi: 'Tiếng Việt', en: 'English' };

export function LanguageChoice() {
  const { t, language, setLanguage } = useLanguage();
  return (
    <SegmentedControl
      className="no-print"
      size="xs"
      aria-label={t('product.language')}
      value={language}
      onChange={(value) => setLanguage(value as Language)}
      data={languages.map((value) => ({ value, label: names[value] }))}
    />
  );
}
