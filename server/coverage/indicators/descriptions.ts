import type { IndicatorDescription, IndicatorId } from '../../../contract/coverage-indicators.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import type { FigureKind } from '../pace.ts';

/** What the SQL cannot say: the words, the unit, and how the figure moves in the course of a year. */
export type IndicatorWords = Pick<IndicatorDescription, 'unit' | 'name' | 'definition'> & {
  kind: FigureKind;
  /** Why a commune may have no value. */
  withoutDenominator: Sentence;
};

const communes = { vi: 'Không có xã, phường nào.', en: 'There is no commune.' };
const reached = (vi: string, en: string) => ({
  vi: `${vi}, trên tổng số tại các nơi hoạt động trong năm. Chắc chắn: buổi đông nhất tại mỗi nơi; nhiều nhất: cộng các buổi, không quá số người của nơi đó.`,
  en: `${en}, of all at the places open in the year. Lower bound: the largest session at each place; upper bound: the sum of its sessions, at most the people of the place.`,
});

export const indicatorWords: Record<IndicatorId, IndicatorWords> = {
  'communes-with-outreach': {
    unit: 'communes',
    kind: 'kept-up',
    name: { vi: 'Xã, phường duy trì tuyên truyền', en: 'Communes keeping up outreach' },
    definition: {
      vi: 'Xã, phường có ít nhất một hình thức tuyên truyền trong mỗi quý đã kết thúc, trên tổng số xã, phường.',
      en: 'Communes with at least one form of outreach in every quarter that has ended, of all communes.',
    },
    withoutDenominator: communes,
  },
  'establishment-workers-reached': {
    unit: 'people',
    kind: 'accumulating',
    name: {
      vi: 'Người lao động tại cơ sở dịch vụ được tuyên truyền',
      en: 'Workers of establishments reached',
    },
    definition: reached(
      'Người lao động tại các cơ sở kinh doanh dịch vụ được tuyên truyền',
      'Workers of establishments reached by outreach',
    ),
    withoutDenominator: {
      vi: 'Chưa ghi nhận cơ sở nào có số người lao động.',
      en: 'No establishment with a known number of workers.',
    },
  },
  'industrial-workers-reached': {
    unit: 'people',
    kind: 'accumulating',
    name: { vi: 'Người lao động khu công nghiệp được tuyên truyền', en: 'Industrial-park workers reached' },
    definition: reached(
      'Người lao động trong các khu công nghiệp được tuyên truyền',
      'Workers of industrial parks reached by outreach',
    ),
    withoutDenominator: {
      vi: 'Không có khu công nghiệp nào có số lao động.',
      en: 'No industrial park with a known number of workers.',
    },
  },
  'students-reached': {
    unit: 'people',
    kind: 'accumulating',
    name: { vi: 'Học sinh, sinh viên được tuyên truyền', en: 'Students reached' },
    definition: reached(
      'Học sinh, sinh viên trung học phổ thông, đại học, cao đẳng và giáo dục nghề nghiệp được tuyên truyền',
      'Upper-secondary, university, college and vocational students reached by outreach',
    ),
    withoutDenominator: {
      vi: 'Không có trường nào có số học sinh, sinh viên.',
      en: 'No school with a known number of students.',
    },
  },
  'press-items': {
    unit: 'items',
    kind: 'accumulating',
    name: { vi: 'Tin, bài trên báo chí trung ương và địa phương', en: 'Press items, central and local' },
    definition: {
      vi: 'Tin, bài đăng trên báo chí của trung ương và của địa phương; cần ít nhất một tin, bài ở mỗi cấp.',
      en: 'Items published in central and in local outlets; at least one of each is needed.',
    },
    withoutDenominator: { vi: 'Được đếm, không tính trên tổng số nào.', en: 'Counted, of no total.' },
  },
  'communes-with-plan': {
    unit: 'communes',
    kind: 'accumulating',
    name: { vi: 'Xã, phường ban hành kế hoạch', en: 'Communes with a plan' },
    definition: {
      vi: 'Xã, phường đã ban hành kế hoạch của năm, trên tổng số xã, phường.',
      en: 'Communes that have issued their plan for the year, of all communes.',
    },
    withoutDenominator: communes,
  },
  'communes-integrated': {
    unit: 'communes',
    kind: 'accumulating',
    name: { vi: 'Xã, phường lồng ghép chương trình', en: 'Communes with an integrated plan' },
    definition: {
      vi: 'Xã, phường có kế hoạch lồng ghép đủ bốn chương trình: kinh tế - xã hội, an sinh xã hội, phòng, chống ma túy, phòng, chống HIV/AIDS; trên tổng số xã, phường.',
      en: 'Communes whose plan is integrated with all four programmes (socio-economic, social security, drug control, HIV/AIDS), of all communes.',
    },
    withoutDenominator: communes,
  },
  'reports-resolved': {
    unit: 'reports',
    kind: 'continuing',
    name: { vi: 'Tin báo được xử lý kịp thời', en: 'Reports resolved in time' },
    definition: {
      vi: 'Tin báo được tiếp nhận, xác minh, phân loại, xử lý xong trong hạn, trên số tin báo đã đến hạn trong năm.',
      en: 'Reports received, verified, classified and resolved by their due day, of those that have become due in the year.',
    },
    withoutDenominator: { vi: 'Chưa có tin báo nào đến hạn.', en: 'No report has become due.' },
  },
  'establishments-inspected': {
    unit: 'establishments',
    kind: 'accumulating',
    name: { vi: 'Cơ sở được kiểm tra', en: 'Establishments inspected' },
    definition: {
      vi: 'Cơ sở được kiểm tra ít nhất một lần trong năm, trên số cơ sở có giấy phép còn hiệu lực ít nhất một ngày trong năm tính đến nay.',
      en: 'Establishments inspected at least once in the year, of those with a licence in force on at least one day of the year so far.',
    },
    withoutDenominator: {
      vi: 'Không có cơ sở nào hoạt động trong năm.',
      en: 'No establishment was active in the year.',
    },
  },
  'officers-trained': {
    unit: 'officers',
    kind: 'accumulating',
    name: { vi: 'Cán bộ được tập huấn', en: 'Officers trained' },
    definition: {
      vi: 'Cán bộ cấp tỉnh và cấp xã được đào tạo, tập huấn trong năm, trên số cán bộ đang công tác. Chắc chắn: lớp đông nhất của mỗi đơn vị; nhiều nhất: cộng các lớp.',
      en: 'Officers of province and communes trained in the year, of officers in post. Lower bound: the largest training of each unit; upper bound: the sum of its trainings.',
    },
    withoutDenominator: {
      vi: 'Chưa có số cán bộ đang công tác.',
      en: 'The number of officers in post is not on record.',
    },
  },
};
