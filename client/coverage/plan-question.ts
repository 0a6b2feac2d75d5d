import { createParser, parseAsInteger, useQueryStates } from 'nuqs';
import { calendarDay } from '../../contract/places.ts';

const parseAsDay = createParser<string>({
  parse: (text) => (calendarDay.safeParse(text).success ? text : null),
  serialize: (day) => day,
});

/** Which plan, as of which day: in the address, so that a page can be sent as it was seen. Both are the server's own when null. */
export type PlanQuestion = { year: number | null; asOf: string | null };

/** The plan as it stands now: what the map and a commune's panel show, whatever day another page was asked for. */
export const latest: PlanQuestion = { year: null, asOf: null };

export function usePlanQuestion(): [PlanQuestion, (next: PlanQuestion) => void] {
  const [question, ask] = useQueryStates({ year: parseAsInteger, asOf: parseAsDay }, { history: 'push' });
  return [question, (next) => void ask(next)];
}

/** The question as parameters of a request; what is left to the server is left out. */
export const asked = ({ year, asOf }: PlanQuestion): { year?: number; asOf?: string } => ({
  ...(year === null ? {} : { year }),
  ...(asOf === null ? {} : { asOf }),
});

/** The address of a file or page under the same question. */
export function planAddress(
  path: string,
  question: PlanQuestion,
  more: Readonly<Record<string, string | null>> = {},
): string {
  const query = new URLSearchParams(
    Object.entries({ ...asked(question), ...more })
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
  return query.size ? `${path}?${query}` : path;
}
