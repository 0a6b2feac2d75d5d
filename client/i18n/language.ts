import { createInstance } from 'i18next';
import { useTranslation } from 'react-i18next';
import { initReactI18next } from 'react-i18next/initReactI18next';
import { type Formats, formats } from '../ui/formats.ts';
import { en } from './en.ts';
import { type Messages, vi } from './vi.ts';

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

type Leaves<Tree, Path extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Path}${Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key}`
    : Leaves<Tree[Key], `${Path}${Key}.`>;
}[keyof Tree & string];
/** The name of a message, without its plural endings. */
export type MessageName = Leaves<Messages>;
/** i18next's own types of this are so deep that the compiler gives up on them in places. */
export type Translate = (name: MessageName, values?: Record<string, string | number>) => string;

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
  t: Translate;
  language: Language;
  format: Formats;
  setLanguage: (language: Language) => void;
} {
  const { t, i18n: current } = useTranslation();
  const language = isLanguage(current.language) ? current.language : 'vi';
  return {
    t: t as Translate,
    language,
    format: formats[language],
    setLanguage: (next) => void current.changeLanguage(next),
  };
}
