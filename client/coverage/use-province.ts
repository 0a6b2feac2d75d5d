import { useMemo } from 'react';
import { inspectionTarget } from '../../contract/coverage-inspections.ts';
import { useCommunes } from '../places/communes.ts';
import { communeRows } from './commune-rows.ts';
import { targetOf } from './target.ts';
import { useInspectionCoverage } from './use-coverage.ts';

/** Communes with their coverage. What was read once stays while it cannot be read again. */
export function useProvince() {
  const communes = useCommunes();
  const coverage = useInspectionCoverage();
  const rows = useMemo(
    () => (communes.data && coverage.data ? communeRows(communes.data, coverage.data.communes) : []),
    [communes.data, coverage.data],
  );
  const share = coverage.data?.target ?? inspectionTarget;
  const target = useMemo(() => targetOf(share), [share]);
  const complete = communes.data && coverage.data;
  return {
    rows,
    target,
    answer: complete ? coverage.data : null,
    simulated: coverage.data?.simulated ?? communes.data?.some(({ simulated }) => simulated) ?? false,
    error: complete ? null : (communes.error ?? coverage.error),
    retry: () => {
      if (communes.isError) void communes.refetch();
      if (coverage.isError) void coverage.refetch();
    },
  };
}
