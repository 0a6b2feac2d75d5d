/**
 * The input cannot be analysed as asked: names the field (or option), the row when one row is at fault, and the remedy.
 * The command line prints it and exits with 2; over HTTP it becomes problem+json. Everything else that is thrown is a
 * defect of ours.
 */
export class AnalysisInputError extends Error {
  readonly field: string;
  readonly row: string | null;
  readonly problem: string;
  readonly remedy: string;

  constructor(details: { field: string; row?: string | null; problem: string; remedy: string }) {
    const place = details.row ? `${details.field}, ${details.row}` : details.field;
    super(`${place}: ${details.problem} ${details.remedy}`);
    this.name = 'AnalysisInputError';
    this.field = details.field;
    this.row = details.row ?? null;
    this.problem = details.problem;
    this.remedy = details.remedy;
  }
}
