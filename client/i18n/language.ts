import { createInstance } from 'i18next';
import { useTranslation } from 'react-i18next';
import { initReactI18next } from 'react-i18next/initReactI18next';
import { type Formats, formats } from '../ui/formats.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi };
  }
}

const storageKey = 'diaban.language';
const isLanguage = (value: unknown): value is Language => languages.includes(value as Language);

/** `?lang=en` in the address wins and is kept, so that a link can be sent in either language; Vietnamese otherwise. */
function firstLanguage(): Language {
  const asked = new URLSearchParams(window.location.search).get('lang');
  if (isLanguage(asked)) return asked;
  const kept = window.localStorage.getItem(storageKey);
  return isLanguage(kept) ? kept : 'vi';
}

export const i18n = createInstance();
i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language;
  window.localStorage.setItem(storageKey, language);
});
void i18n.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'vi',
  resources: { vi: { translation: vi }, en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});

export function useLanguage(): {
  t: ReturnType<typeof useTranslation>['t'];
  language: Language;
  format: Formats;
  setLanguage: (language: Language) => void;
} {
  const { t, i18n: current } = useTranslation();
  const language = isLanguage(current.language) ? current.language : 'vi';
  return { t, language, format: formats[language], setLanguage: (next) => void current.changeLanguage(next) };
}
