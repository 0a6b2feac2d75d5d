import type { ActivityKind } from '../../contract/activities.ts';
import type { Problem } from '../../contract/problem.ts';
import { isApiError } from '../api/call.ts';
import { activityFields, type FieldName } from './activity-fields.ts';
import type { FieldErrors, ServerError } from './draft.ts';

export type Refusal =
  /** No answer came: whether the row was made is not known, and sending again under the same key makes at most one. */
  | { kind: 'unreachable' }
  /** The form breaks rules. `fields` stand beside their fields, `rest` above the buttons. */
  | { kind: 'faults'; fields: FieldErrors; rest: ServerError[] }
  /** Somebody else changed the record since it was read. */
  | { kind: 'changed' }
  | { kind: 'withdrawn' }
  /** The key was sent before with something else in the form, and that was recorded. */
  | { kind: 'sent-before' }
  /** The session ended before it was sent: nothing was recorded. */
  | { kind: 'signed-out' }
  | { kind: 'other'; problem: Problem };

const gatewayAway = new Set([0, 502, 503, 504]);

/** What to tell the person at the form of an error of sending it. */
export function refusalOf(error: unknown, kind: ActivityKind): Refusal {
  if (!isApiError(error)) throw error;
  const { problem } = error;
  if (gatewayAway.has(problem.status)) return { kind: 'unreachable' };
  if (problem.status === 401) return { kind: 'signed-out' };
  if (problem.status === 412) return { kind: 'changed' };
  if (problem.faults) {
    const fields: FieldErrors = {};
    const rest: ServerError[] = [];
    for (const { field, message } of problem.faults) {
      const name = fieldNamed(kind, field);
      if (name && !fields[name]) fields[name] = { expected: message };
      else rest.push({ expected: message });
    }
    return { kind: 'faults', fields, rest };
  }
  if (problem.where === 'header Idempotency-Key') return { kind: 'sent-before' };
  if (problem.status === 409 && problem.where === 'path id') return { kind: 'withdrawn' };
  if (problem.status === 409 && problem.where === 'body year')
    return { kind: 'faults', fields: { year: { name: 'activities.errors.planThere' } }, rest: [] };
  if (problem.status === 409 && problem.where === 'body reference')
    return { kind: 'faults', fields: { reference: { name: 'activities.errors.referenceTaken' } }, rest: [] };
  return { kind: 'other', problem };
}

/** The field of the form that a field of the body belongs to: `place.reference` and `integratedWith[1]` by their first part. */
function fieldNamed(kind: ActivityKind, field: string): FieldName | null {
  const [first] = field.split(/[.[/]/);
  const name = first === 'position' ? 'h3Cell' : first;
  return activityFields[kind].find((one) => one.name === name)?.name ?? null;
}
