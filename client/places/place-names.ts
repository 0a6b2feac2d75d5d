import type { Language } from '../i18n/language.ts';

/** The category's name as the data give it, since categories are data and not code; its code where a name is missing. */
export function establishmentCategory(
  properties: { category?: unknown; category_name?: unknown; category_name_en?: unknown },
  language: Language,
): string {
  const name = language === 'en' ? properties.category_name_en : properties.category_name;
  return String(name ?? properties.category_name ?? properties.category ?? '');
}

/** "Phường Phủ Lý", "Phủ Lý Ward": the type before the name in Vietnamese and after it in English. */
export function communeTitle(
  { type, name }: { type: string; name: string },
  language: Language,
  typeName: string,
): string {
  if (language === 'en') return `${name} ${typeName.toLowerCase()}`;
  return `${type.charAt(0).toUpperCase()}${type.slice(1)} ${name}`;
}
