import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Formats } from '../ui/formats.ts';

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** "24/11/2026 09:05", in Vietnam, whatever the machine's time zone. */
export function momentWords(instant: string, format: Pick<Formats, 'day'>): string {
  const moment = new Date(instant);
  return `${format.day(dayInVietnam(moment))} ${clock.format(moment)}`;
}
