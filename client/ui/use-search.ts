import { useOptimisticSearchParams } from 'nuqs/adapters/react-router/v7';

/**
 * The query of the address as it is now, for links that keep it. The router's own location does not hear of what nuqs
 * writes there.
 */
export function useSearch(): string {
  const parameters = useOptimisticSearchParams();
  return parameters.size ? `?${parameters}` : '';
}
