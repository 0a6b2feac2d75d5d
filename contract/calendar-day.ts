/** The calendar day in Vietnam, whatever the machine's time zone. */
export const dayInVietnam = (now: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' }).format(now);

const instantText =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?([Zz]|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$/;

/**
 * The day in Vietnam of an instant with its offset, such as `2026-03-31T17:00:00Z` (1 April); null for any other text,
 * and for an instant without an offset, which names no moment.
 */
export function dayOfInstant(text: string): string | null {
  const found = instantText.exec(text);
  if (!found) return null;
  const [, day, , , , offset] = found;
  // `Date` would make 3 March of 31 February.
  const calendar = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(calendar.getTime()) || calendar.toISOString().slice(0, 10) !== day) return null;
  const zone = offset!
    .toUpperCase()
    .replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
  const instant = new Date(`${day}T${text.slice(11, text.length - offset!.length).replace(',', '.')}${zone}`);
  return Number.isNaN(instant.getTime()) ? null : dayInVietnam(instant);
}
