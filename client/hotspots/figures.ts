import type { Formats } from '../ui/formats.ts';

const leastShown = 0.001;

/** "0,012"; what would be written as 0 is "< 0,001". */
export const pFigure = (p: number, format: Formats): string =>
  p < leastShown ? `< ${format.decimal(leastShown, 3)}` : format.fixed(p, 3);

/** "p = 0,012", "p < 0,001". */
export const pWords = (p: number, format: Formats): string =>
  p < leastShown ? `p ${pFigure(p, format)}` : `p = ${pFigure(p, format)}`;
