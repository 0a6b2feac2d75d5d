import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { readJson } from '../api/call.ts';
import type { Language } from '../i18n/language.ts';

const queryables = z.object({
  properties: z.object({
    category: z.object({
      oneOf: z.array(z.object({ const: z.string(), title: z.string(), description: z.string().optional() })),
    }),
  }),
});

/** Kinds of establishment: data, not code. The list of what establishments can be asked by names them in both languages. */
export function useCategories(language: Language): { code: string; name: string }[] {
  const answer = useQuery({
    queryKey: ['places', 'categories'],
    queryFn: async ({ signal }) =>
      queryables.parse(await readJson('/ogc/collections/establishments/queryables', signal)).properties
        .category.oneOf,
  });
  return (answer.data ?? []).map(({ const: code, title, description }) => ({
    code,
    name: language === 'en' ? (description ?? title) : title,
  }));
}
