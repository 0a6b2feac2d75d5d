import { useMemo } from 'react';
import { inspectionTarget } from '../../contract/coverage-inspections.ts';
import { useMay } from '../access/session.ts';
import { useCommunes } from '../places/communes.ts';
import { communeRows } from './commune-rows.ts';
import { targetOf } from './target.ts';
import { useInspectionCoverage } from './use-coverage.ts';

/**
 * Communes with their coverage; communes alone for a role that may not read it. What was read once stays while it cannot be
 * read again.
 */
export function useProvince() {
  const communes = useCommunes();
  const may = useMay().ask('GET /api/coverage/inspections');
  const coverage = useInspectionCoverage(may);
  const rows = useMemo(
    () =>
      communes.data && (coverage.data || !may)
        ? communeRows(communes.data, coverage.data?.communes ?? [])
        : [],
    [communes.data, coverage.data, may],
  );
  const share = coverage.data?.target ?? inspectionTarget;
  const target = useMemo(() => targetOf(share), [share]);
  const complete = communes.data && (coverage.data || !may);
  return {
    rows,
    target,
    ready: Boolean(complete),
    /** Null until it is read, and for a role that may not read it. */
    answer: complete ? (coverage.data ?? null) : null,
    error: complete ? null : (communes.error ?? coverage.error),
    retry: () => {
      if (communes.isError) void communes.refetch();
      if (coverage.isError) void coverage.refetch();
    },
  };
}
