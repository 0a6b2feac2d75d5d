import { useQuery } from '@tanstack/react-query';
import { itemsAddress } from '../../contract/ogc.ts';
import type { Language } from '../i18n/language.ts';
import { establishmentCategory } from './place-names.ts';
import { readPlacesPage } from './read-places.ts';

/**
 * The name of a category of establishments. Categories are data and a tile carries only their codes, so the name is taken
 * from one establishment of the category, once.
 */
export function useCategoryName(category: string | null, language: Language): string | null {
  const named = useQuery({
    queryKey: ['places', 'category', category],
    enabled: category !== null,
    queryFn: async ({ signal }) => {
      const address = itemsAddress('establishments', { category: category!, limit: 1, skipGeometry: true });
      const { features } = await readPlacesPage('establishments', address, signal);
      return features[0]?.properties ?? null;
    },
  });
  return named.data ? establishmentCategory(named.data, language) : null;
}
