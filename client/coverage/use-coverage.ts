import { useQuery } from '@tanstack/react-query';
import { inspectionCoverageEndpoint } from '../../contract/coverage-inspections.ts';
import type { EndpointResponse } from '../../contract/endpoint.ts';
import { call } from '../api/call.ts';

export type InspectionCoverageAnswer = EndpointResponse<typeof inspectionCoverageEndpoint>;

export const useInspectionCoverage = (enabled = true) =>
  useQuery({
    queryKey: ['coverage', 'inspections'],
    queryFn: ({ signal }) => call(inspectionCoverageEndpoint, { signal }),
    enabled,
  });
