import type { Sentence } from '../../../contract/provenance.ts';

/** Fewer than this about people or reports do not leave the server. */
export const fewestTold = 5;
/** As many as four masked counts of at most 3 come to: up to here, a count made of hidden ones alone may be 1 to 4. */
const mostOfFourHidden = 12;

/** To the nearest five; fewer than five to 0, which callers tell apart from none. */
export const inFives = (count: number): number =>
  count < fewestTold ? 0 : fewestTold * Math.round(count / fewestTold);

/**
 * A count of people as it is told, from rows in which each count of 1–4 was masked by 2 or 3 (migrations/0016): null where
 * it may be 1–4, otherwise in fives, so that no two days, periods or groups differ by 1–4 either. A function of masked counts
 * alone: whichever of 1 to 4 a hidden count is, what is told is the same.
 *
 * @param masked a whole number of people, as counted on masked rows.
 * @param large whether a count of five or more is within it; without one, up to four hidden counts of 1 may be all of it.
 */
export const toldPeople = (masked: number, large: boolean): number | null => {
  if (masked === 0) return 0;
  const mayBeSmall = masked < fewestTold || (!large && masked <= mostOfFourHidden);
  return mayBeSmall ? null : inFives(masked);
};

/**
 * Reports as they are told, from whole fives of each commune and the province's: null for fewer than five, which may be none.
 *
 * @param inTime reports resolved in time, `due` all that have become due: multiples of five.
 */
export const toldReports = (
  inTime: number,
  due: number,
): { numerator: number | null; denominator: number | null } => ({
  numerator: inTime === 0 ? null : inTime,
  // the total would give back the late ones, where those are few
  denominator: inTime === 0 || due === inTime ? null : due,
});

export const fewPeople: Sentence = {
  vi: 'Dưới 5 người: không nêu, để không ai nhận ra là ai.',
  en: 'Fewer than 5 people: not told, so that nobody can be told by it.',
};
export const fewReports: Sentence = {
  vi: 'Dưới 5 tin báo được xử lý đúng hạn, hoặc dưới 5 tin báo trễ hạn: không nêu, nên cũng không nêu tỷ lệ.',
  en: 'Fewer than 5 reports resolved in time, or fewer than 5 late: not told, and so no share either.',
};
