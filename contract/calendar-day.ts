/** The calendar day in Vietnam, whatever the machine's time zone. */
export const dayInVietnam = (now: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' }).format(now);
