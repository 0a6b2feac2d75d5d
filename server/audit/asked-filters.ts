import type { Request } from 'express';

// All of it escaped is less than the 20,000 characters that the database takes.
const longestValue = 120;
const longestName = 30;
const mostValues = 20;
/** What one types to find a place: it may be anything, a person's name too, and the log keeps none. */
const typed: ReadonlySet<string> = new Set(['text', 'q']);

/** What a request asks for, by parameter of its path and query, as the audit log keeps it. */
export function askedFilters({ params, query }: Pick<Request, 'params' | 'query'>): Record<string, string> {
  const filters: Record<string, string> = {};
  // The query first: no more than so many are kept, and of the same name the path's is the one that counts.
  const given = [...Object.entries(query).slice(0, mostValues), ...Object.entries(params)];
  for (const [name, value] of given) {
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    filters[wellFormed(name.slice(0, longestName))] = typed.has(name)
      ? `(${text.length})`
      : wellFormed(text.slice(0, longestValue));
  }
  return filters;
}

/** What PostgreSQL takes in jsonb: neither U+0000 nor half a surrogate pair. */
const wellFormed = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
