import type { ActivityNotice } from '../../contract/activity-endpoints.ts';
import { vietnameseDay } from './rules.ts';

export type NoticeFacts = {
  day: string;
  attendance: number | null;
  /** Workers, residents or students of the place; null where there is none, or nobody has said. */
  people: number | null;
  /** The days of the establishment's licence. */
  activeFrom: string | null;
  activeTo: string | null;
  /** The reference of another standing row that says the same of the same day. */
  twin: string | null;
};

const vietnameseNumber = new Intl.NumberFormat('vi-VN');
const englishNumber = new Intl.NumberFormat('en-GB');

/**
 * What is allowed and may be a slip. An establishment outside the days of its licence is not refused: a register lags
 * behind, and one that works without a licence is just what an inspection finds; what counts towards a target is for the
 * indicator to say.
 */
export function noticesOf({
  day,
  attendance,
  people,
  activeFrom,
  activeTo,
  twin,
}: NoticeFacts): ActivityNotice[] {
  const notices: ActivityNotice[] = [];
  const add = (rule: string, vi: string, en: string) => notices.push({ rule, message: { vi, en } });
  if (attendance !== null && people !== null && attendance > people)
    add(
      'attendance-above-people',
      `Số lượt người dự (${vietnameseNumber.format(attendance)}) lớn hơn số người ở địa điểm (${vietnameseNumber.format(people)}). Vẫn ghi được, vì lượt người không phải là số người; khi tính tỷ lệ chỉ lấy đến ${vietnameseNumber.format(people)}.`,
      `There are more attendances (${englishNumber.format(attendance)}) than people at the place (${englishNumber.format(people)}). They are kept, since an attendance is not a person; shares count ${englishNumber.format(people)} at most.`,
    );
  if (activeFrom !== null && day < activeFrom)
    add(
      'before-licence',
      `Cơ sở được cấp phép từ ${vietnameseDay(activeFrom)}, sau ngày ghi nhận ${vietnameseDay(day)}. Xin kiểm tra lại ngày và số giấy phép.`,
      `The establishment is licensed from ${activeFrom}, after the day recorded, ${day}. Please check the day and the licence number.`,
    );
  if (activeTo !== null && day > activeTo)
    add(
      'after-licence',
      `Cơ sở đã ngừng hoạt động từ sau ${vietnameseDay(activeTo)}, trước ngày ghi nhận ${vietnameseDay(day)}. Xin kiểm tra lại ngày và số giấy phép.`,
      `The establishment ceased after ${activeTo}, before the day recorded, ${day}. Please check the day and the licence number.`,
    );
  if (twin !== null)
    add(
      'possible-duplicate',
      `Đã có một bản ghi cùng ngày, cùng nội dung: ${twin}. Nếu là một việc ghi hai lần, xin rút một bản.`,
      `There is a record of the same on the same day: ${twin}. If one thing was recorded twice, withdraw one of the two.`,
    );
  return notices;
}
