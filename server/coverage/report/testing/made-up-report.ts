import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import {
  type IndicatorDescription,
  type IndicatorFigure,
  type IndicatorId,
  indicatorIds,
} from '../../../../contract/coverage-indicators.ts';
import type { ReportPeriod } from '../../../../contract/coverage-report.ts';
import type { ReportCommune, ReportData } from '../report-data.ts';
import { periodOfYear } from '../report-period.ts';

const names: Record<IndicatorId, string> = {
  'communes-with-outreach': 'Xã, phường duy trì tuyên truyền',
  'establishment-workers-reached': 'Người lao động tại cơ sở kinh doanh dịch vụ được tuyên truyền',
  'industrial-workers-reached': 'Người lao động trong khu công nghiệp được tuyên truyền',
  'students-reached': 'Học sinh, sinh viên được tuyên truyền',
  'press-items': 'Tin, bài đăng trên báo chí',
  'communes-with-plan': 'Xã, phường ban hành kế hoạch',
  'communes-integrated': 'Xã, phường lồng ghép nhiệm vụ vào các chương trình',
  'reports-resolved': 'Tin báo được giải quyết đúng hạn',
  'establishments-inspected': 'Cơ sở kinh doanh dịch vụ được kiểm tra',
  'officers-trained': 'Cán bộ được đào tạo, tập huấn, bồi dưỡng',
};
const targets: Record<IndicatorId, number | null> = {
  'communes-with-outreach': 0.7,
  'establishment-workers-reached': 0.5,
  'industrial-workers-reached': 0.5,
  'students-reached': 0.25,
  'press-items': null,
  'communes-with-plan': 1,
  'communes-integrated': 1,
  'reports-resolved': 1,
  'establishments-inspected': 0.2,
  'officers-trained': 1,
};
const units: Record<IndicatorId, IndicatorDescription['unit']> = {
  'communes-with-outreach': 'communes',
  'establishment-workers-reached': 'people',
  'industrial-workers-reached': 'people',
  'students-reached': 'people',
  'press-items': 'items',
  'communes-with-plan': 'communes',
  'communes-integrated': 'communes',
  'reports-resolved': 'reports',
  'establishments-inspected': 'establishments',
  'officers-trained': 'officers',
};

export const madeUpIndicators: IndicatorDescription[] = indicatorIds.map((id) => ({
  id,
  name: { vi: names[id], en: id },
  definition: { vi: names[id], en: id },
  section: 'II.1.a',
  unit: units[id],
  target: targets[id],
}));

export function madeUpFigure(indicator: IndicatorId, parts: Partial<IndicatorFigure> = {}): IndicatorFigure {
  const { numerator = 0, denominator = null, upperNumerator = null } = parts;
  const over = (count: number | null) => (count === null || !denominator ? null : count / denominator);
  return {
    indicator,
    group: 'province',
    numerator,
    upperNumerator,
    denominator,
    value: over(numerator),
    lower: upperNumerator === null ? null : over(numerator),
    upper: over(upperNumerator),
    suppressed: null,
    inFives: false,
    reason: null,
    placesOfUnknownSize: 0,
    byLevel: null,
    missing: null,
    paceSoFar: null,
    paceOfLate: null,
    paceNeeded: null,
    projected: null,
    status: 'behind',
    metAtUpper: false,
    gained: null,
    ...parts,
  };
}

const noEstablishment = { vi: 'Không có cơ sở hoạt động', en: 'No active establishment' };

const countedOfNothing = { vi: 'Được đếm, không tính trên tổng số nào.', en: 'Counted, of no total.' };

/** Figures of a province on 30 September 2026, each status once at least. */
export const madeUpProvince: ReadonlyMap<IndicatorId, IndicatorFigure> = new Map(
  [
    madeUpFigure('communes-with-outreach', {
      numerator: 85,
      denominator: 129,
      missing: 6,
      paceSoFar: 9.34,
      paceNeeded: 1.96,
    }),
    madeUpFigure('establishment-workers-reached', {
      numerator: 12_480,
      upperNumerator: 25_600,
      denominator: 40_000,
      missing: 7520,
      paceSoFar: 1371.4,
      paceOfLate: 1102.6,
      paceNeeded: 2452.2,
      placesOfUnknownSize: 12,
      metAtUpper: true,
    }),
    madeUpFigure('industrial-workers-reached', {
      numerator: 61_200,
      upperNumerator: 98_000,
      denominator: 118_000,
      missing: 0,
      status: 'met',
    }),
    madeUpFigure('students-reached', {
      numerator: 30_100,
      upperNumerator: 30_100,
      denominator: 128_000,
      missing: 1900,
      paceSoFar: 3307.7,
      paceOfLate: 3401.2,
      paceNeeded: 619.6,
      status: 'on-pace',
      projected: { value: 0.3142, lower: 0.2987, upper: 0.3296 },
    }),
    madeUpFigure('press-items', {
      numerator: 34,
      byLevel: { central: 12, local: 22 },
      reason: countedOfNothing,
      missing: 0,
      status: 'met',
    }),
    madeUpFigure('communes-with-plan', { numerator: 129, denominator: 129, missing: 0, status: 'met' }),
    madeUpFigure('communes-integrated', {
      numerator: 117,
      denominator: 129,
      missing: 12,
      paceSoFar: 12.9,
      paceNeeded: 3.9,
      status: 'on-pace',
    }),
    madeUpFigure('reports-resolved', {
      status: 'no-data',
      reason: { vi: 'Chưa có tin báo nào đến hạn.', en: 'No report was due.' },
    }),
    madeUpFigure('establishments-inspected', {
      numerator: 812,
      denominator: 4062,
      missing: 1,
      paceSoFar: 89.23,
      paceNeeded: 0.33,
      projected: { value: 0.2647, lower: 0.2511, upper: 0.2788 },
    }),
    madeUpFigure('officers-trained', {
      numerator: 1234,
      denominator: 1300,
      missing: 66,
      paceSoFar: 135.6,
      paceNeeded: 21.5,
    }),
  ].map((figure) => [figure.indicator, figure]),
);

/** The province's real communes by name, each a square of 10 km by 8 km in rows of thirteen, with made-up figures. */
const communes: ReportCommune[] = (
  parse(readFileSync('gis-data/ninh-binh/communes.csv', 'utf8'), { columns: true }) as Record<
    string,
    string
  >[]
).map(({ code = '', name, type }, index) => ({
  number: index + 1,
  code,
  name: `${type} ${name}`,
  figures: communeFigures(index),
}));

function communeFigures(index: number): ReadonlyMap<IndicatorId, IndicatorFigure> {
  const yes = (numerator: number) => ({ numerator, denominator: 1 });
  const establishments = index % 11 === 3 ? 0 : 10 + (index % 40);
  return new Map(
    [
      madeUpFigure('communes-with-outreach', yes(index < 85 ? 1 : 0)),
      madeUpFigure('establishment-workers-reached', {
        numerator: index * 2,
        upperNumerator: index * 3,
        denominator: 400,
      }),
      madeUpFigure('industrial-workers-reached', {
        status: 'no-data',
        reason: { vi: 'Không có khu công nghiệp', en: 'No industrial park' },
      }),
      madeUpFigure('students-reached', {
        numerator: 1000,
        upperNumerator: 1000,
        denominator: 1000,
        status: 'met',
      }),
      madeUpFigure('press-items', {
        status: 'no-target',
        byLevel: { central: 0, local: 0 },
        reason: countedOfNothing,
      }),
      madeUpFigure('communes-with-plan', yes(1)),
      madeUpFigure('communes-integrated', yes(index < 117 ? 1 : 0)),
      madeUpFigure('reports-resolved', { numerator: 3, denominator: 3 + (index % 3) }),
      establishments === 0
        ? madeUpFigure('establishments-inspected', { status: 'no-data', reason: noEstablishment })
        : madeUpFigure('establishments-inspected', {
            numerator: index % 9,
            denominator: establishments,
            missing: 1,
          }),
      madeUpFigure('officers-trained', { numerator: 5, denominator: 6 }),
    ].map((figure) => [figure.indicator, figure]),
  );
}

const outlines = communes.map(({ code }, index) => {
  const [west, south] = [11_770_000 + (index % 13) * 10_000, 2_280_000 - Math.floor(index / 13) * 8000];
  const [east, north] = [west + 10_000, south + 8000];
  return {
    code,
    polygons: [
      [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    ],
    label: [west + 5000, south + 4000],
  };
});

/** A whole report's data: the province of 129 communes, or one of its communes. */
export function madeUpReport(
  parts: Partial<ReportData> & { period?: never; of?: ReportPeriod } = {},
): ReportData {
  const { of = 'Q3', ...rest } = parts;
  return {
    period: periodOfYear(of, 2026),
    asOf: '2026-09-30',
    dataVersion: 7,
    simulated: true,
    province: { name: 'Ninh Bình', isCity: false },
    commune: null,
    indicators: madeUpIndicators,
    own: madeUpProvince,
    provincial: madeUpProvince,
    gained: new Map<IndicatorId, number | null>([
      ['communes-with-outreach', -3],
      ['establishment-workers-reached', 4180],
      ['establishments-inspected', 270],
      ['press-items', 0],
    ]),
    communes,
    agencies: null,
    outlines,
    map: null,
    ...rest,
  };
}

/** The report of one commune of the same province. */
export function madeUpCommuneReport(
  code: string,
  parts: Partial<ReportData> & { period?: never } = {},
): ReportData {
  const commune = communes.find((each) => each.code === code);
  if (!commune) throw new Error(`no commune ${code}`);
  const [type = '', ...name] = commune.name.split(' ');
  return madeUpReport({ commune: { code, type, name: name.join(' ') }, own: commune.figures, ...parts });
}
