import type { ActivityBody, ActivityKind, ActivityRecord } from '../../contract/activities.ts';
import type { Activity } from '../../contract/activity-endpoints.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import { refused } from './refusals.ts';
import { cellAround } from './report-cell.ts';

/** A record as it will be kept: a report's position has become its cell, and nothing knows it any more. */
export async function recordSent<Kind extends ActivityKind>(
  kind: Kind,
  body: ActivityBody<Kind>,
): Promise<Unnumbered<Kind>> {
  if (kind === 'reports') {
    const { position, h3Cell, ...rest } = body as ActivityBody<'reports'>;
    return { ...rest, h3Cell: h3Cell ?? (await cellAround(position!)) } as unknown as Unnumbered<Kind>;
  }
  if (kind === 'commune-plans') {
    const { integratedWith, ...rest } = body as ActivityBody<'commune-plans'>;
    return { ...rest, integratedWith: [...new Set(integratedWith)].sort() } as unknown as Unnumbered<Kind>;
  }
  if (kind === 'training') {
    const training = body as ActivityBody<'training'>;
    return { ...training, unit: storedName(training.unit) } as unknown as Unnumbered<Kind>;
  }
  return body as unknown as Unnumbered<Kind>;
}

/** A record that may have no reference yet. */
export type Unnumbered<Kind extends ActivityKind> = Omit<ActivityRecord<Kind>, 'reference'> & {
  reference?: string;
};

/** The record under the reference that it has; another one is refused. */
export function withReference<Kind extends ActivityKind>(
  before: ActivityRecord<Kind> | Activity<Kind>['record'],
  sent: Unnumbered<Kind>,
): ActivityRecord<Kind> {
  if (!('reference' in before)) return sent as ActivityRecord<Kind>;
  if (sent.reference !== undefined && sent.reference !== before.reference)
    throw refused([
      {
        field: 'reference',
        rule: 'reference-is-lasting',
        message: {
          vi: `giữ nguyên số ${before.reference}; nếu số sai, rút bản ghi này và ghi lại`,
          en: `${before.reference}, as before; where the reference is wrong, withdraw this record and record it anew`,
        },
      },
    ]);
  return { ...sent, reference: before.reference } as ActivityRecord<Kind>;
}
