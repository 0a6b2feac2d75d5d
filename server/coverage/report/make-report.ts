import type { ReportFormat } from '../../../contract/coverage-report.ts';
import { composeReport } from './compose-report.ts';
import type { ReportData } from './report-data.ts';
import { writeDocx } from './write-docx.ts';
import { writeHtml } from './write-html.ts';
import { writeXlsx } from './write-xlsx.ts';

/**
 * A report's file from its data; of a PDF the page that is then printed. One to three seconds of one core, so it runs in a
 * thread of the analysis pool: on the thread that answers requests it would stop every other answer.
 */
export async function makeReport(asked: { data: ReportData; format: ReportFormat }): Promise<Uint8Array> {
  const report = composeReport(asked.data);
  switch (asked.format) {
    case 'docx':
      return writeDocx(report);
    case 'xlsx':
      return writeXlsx(report);
    case 'pdf':
      return Buffer.from(writeHtml(report));
  }
}
