import { z } from 'zod';
import { indicatorId } from './coverage-indicators.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';

/** The periods that a report is owed for; those that reach back to January are cumulative by name. */
export const reportPeriods = ['Q1', 'Q2', 'H1', 'Q3', '9M', 'Q4', 'year'] as const;
export const reportPeriod = z.enum(reportPeriods);
export type ReportPeriod = z.infer<typeof reportPeriod>;

export const reportFormats = ['docx', 'pdf', 'xlsx'] as const;
export const reportFormat = z.enum(reportFormats);
export type ReportFormat = z.infer<typeof reportFormat>;

export const reportMediaTypes: Record<ReportFormat, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Answers with a file, not with JSON. */
export const reportEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/report',
  query: z.strictObject({
    /** The plan's year. */
    year: z.coerce.number().int().min(2003).max(2100),
    period: reportPeriod,
    format: reportFormat.default('docx'),
    /** The report of this commune; without it the province's. */
    commune: communeCode.optional(),
    /** Figures stand as of the period's last day, of this day, or of the last day on record: the earliest of the three. */
    asOf: calendarDay.optional(),
    /** Draw the map of this indicator alone (the press belongs to no commune); without it of establishments inspected and of communes with outreach. */
    map: indicatorId.exclude(['press-items']).optional(),
  }),
  response: z.instanceof(Uint8Array),
});
