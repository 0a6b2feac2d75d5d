import type { ReportPeriod } from '../../../contract/coverage-report.ts';

type PeriodFacts = {
  /** Written after the report's subject, before the year. */
  words: string;
  fileName: string;
  quarters: readonly (1 | 2 | 3 | 4)[];
};

const facts: Record<ReportPeriod, PeriodFacts> = {
  Q1: { words: 'quý I', fileName: 'quy-1', quarters: [1] },
  Q2: { words: 'quý II', fileName: 'quy-2', quarters: [2] },
  H1: { words: '6 tháng đầu', fileName: '6-thang', quarters: [1, 2] },
  Q3: { words: 'quý III', fileName: 'quy-3', quarters: [3] },
  '9M': { words: '9 tháng đầu', fileName: '9-thang', quarters: [1, 2, 3] },
  Q4: { words: 'quý IV', fileName: 'quy-4', quarters: [4] },
  year: { words: '', fileName: 'nam', quarters: [1, 2, 3, 4] },
};

const quarterEnds = ['03-31', '06-30', '09-30', '12-31'] as const;

export type PeriodOfYear = {
  period: ReportPeriod;
  year: number;
  startsOn: string;
  endsOn: string;
  /** As an indicator's groups by quarter name them: "2026-Q3". */
  quarters: readonly string[];
  /** "quý III năm 2026" */
  words: string;
  /** "bao-cao-quy-3-2026" */
  fileName: string;
};

export function periodOfYear(period: ReportPeriod, year: number): PeriodOfYear {
  const { words, fileName, quarters } = facts[period];
  const first = quarters[0]!;
  const last = quarters.at(-1)!;
  return {
    period,
    year,
    startsOn: `${year}-${String(first * 3 - 2).padStart(2, '0')}-01`,
    endsOn: `${year}-${quarterEnds[last - 1]}`,
    quarters: quarters.map((quarter) => `${year}-Q${quarter}`),
    words: `${words ? `${words} ` : ''}năm ${year}`,
    fileName: `bao-cao-${fileName}-${year}`,
  };
}
