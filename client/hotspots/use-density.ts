import { useQuery } from '@tanstack/react-query';
import { densityEndpoint } from '../../contract/hotspots.ts';
import { call } from '../api/call.ts';

export const useDensity = (enabled: boolean) =>
  useQuery({
    queryKey: ['hotspots', 'density'],
    queryFn: ({ signal }) => call(densityEndpoint, { signal }),
    enabled,
  });
