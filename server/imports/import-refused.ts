/** One fault of the input: where it is, what stands there, and what should. */
export type ImportIssue = {
  /** Line of a text file, row of a sheet, number of a feature: as `where` says it. Null when the whole file is meant. */
  line: number | null;
  where: string;
  column: string | null;
  value: string | null;
  expected: string;
};

/**
 * The input cannot be taken as it is: nothing of it was written. `issues` are the bad rows (the first thousand),
 * `issueCount` all of them. The command line prints it and exits with 2; over HTTP it becomes problem+json.
 */
export class ImportRefused extends Error {
  override name = 'ImportRefused';
  readonly what: string;
  readonly remedy: string;
  readonly issues: readonly ImportIssue[];
  readonly issueCount: number;

  constructor(details: {
    what: string;
    remedy: string;
    issues?: readonly ImportIssue[];
    issueCount?: number;
  }) {
    super(`${details.what} ${details.remedy}`);
    this.what = details.what;
    this.remedy = details.remedy;
    this.issues = details.issues ?? [];
    this.issueCount = details.issueCount ?? this.issues.length;
  }
}
