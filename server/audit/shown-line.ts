import { type AuditKind, type AuditLine, auditChange, auditEvents } from '../../contract/audit.ts';
import { auditSentence } from './line-sentences.ts';
import type { LineRow } from './queries.ts';

const kindOf = (event: string): AuditKind | null =>
  (auditEvents as Readonly<Record<string, AuditKind>>)[event] ?? null;

/** Events of one kind, for the filter. */
export const eventsOf = (kind: AuditKind): string[] =>
  Object.entries(auditEvents).flatMap(([event, of]) => (of === kind ? [event] : []));

/** A line as an admin is shown it. */
export function shownLine(row: LineRow): AuditLine {
  const { event, account, role, endpoint } = row;
  const change = event.startsWith('activity-') ? auditChange.parse(row.facts) : null;
  const filters = row.filters as AuditLine['filters'];
  const facts = (change ? null : row.facts) as AuditLine['facts'];
  return {
    id: row.id,
    at: row.at.toISOString(),
    event,
    kind: kindOf(event),
    account,
    role,
    commune: row.commune,
    address: row.address,
    endpoint,
    filters,
    rows: row.row_count,
    change,
    facts,
    position: row.place,
    hash: row.hash,
    sentence: auditSentence({ event, account, role, endpoint, filters, rows: row.row_count, change, facts }),
  };
}
