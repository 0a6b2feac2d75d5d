import type {
  IndicatorDescription,
  IndicatorFigure,
  IndicatorId,
} from '../../../contract/coverage-indicators.ts';
import { writeDay, writeShare } from './figure-words.ts';
import { isYesOrNo, shortNames } from './indicator-words.ts';
import { type MapClass, provinceMapSvg } from './province-map.ts';
import type { ReportData } from './report-data.ts';
import { type Figure, simulatedWords, textWidthMillimeters } from './report-document.ts';

/** What tells most of where the plan stands: who was inspected, and where outreach was kept up. */
export const tellingIndicators: readonly IndicatorId[] = [
  'establishments-inspected',
  'communes-with-outreach',
];

const missing: MapClass = { fill: 'hatched', words: 'Không có số liệu để tính' };

/** Classes of an indicator, and which a figure falls in. Classes of shares end at the target and at its half. */
export function mapClasses(
  description: IndicatorDescription,
  figures: readonly IndicatorFigure[],
): { classes: MapClass[]; classOf: (figure: IndicatorFigure | undefined) => MapClass } {
  if (figures.some((figure) => isYesOrNo(figure, description))) {
    const done: MapClass = { fill: 'grey', words: 'Đã thực hiện' };
    const not: MapClass = { fill: 'none', words: 'Chưa thực hiện' };
    return {
      classes: [done, not, missing],
      classOf: (figure) =>
        !figure || figure.denominator === null || figure.value === null
          ? missing
          : figure.numerator === 1
            ? done
            : not,
    };
  }
  const { target } = description;
  const [middle, high] = target === null ? [1 / 3, 2 / 3] : [target / 2, target];
  const named = target === null ? '' : ' (đạt chỉ tiêu)';
  const none: MapClass = { fill: 'none', words: '0\u00a0%' };
  const low: MapClass = { fill: 'light', words: `Trên 0 đến dưới ${writeShare(middle)}` };
  const half: MapClass = { fill: 'lined', words: `Từ ${writeShare(middle)} đến dưới ${writeShare(high)}` };
  const full: MapClass = {
    fill: 'grey',
    words: high === 1 ? `100\u00a0%${named}` : `Từ ${writeShare(high)} trở lên${named}`,
  };
  return {
    classes: [full, half, low, none, missing],
    classOf: (figure) => {
      if (!figure || figure.value === null) return missing;
      if (figure.value >= high) return full;
      if (figure.value >= middle) return half;
      return figure.value > 0 ? low : none;
    },
  };
}

/** The map of one indicator by commune; null where no commune has an outline. */
export function indicatorMap(
  data: ReportData,
  indicator: IndicatorId,
  number: number,
  maximumHeightMillimeters: number,
): Figure | null {
  const description = data.indicators.find(({ id }) => id === indicator);
  if (!description || data.outlines.length === 0) return null;
  const communes = new Map(data.communes.map((commune) => [commune.code, commune]));
  const figures = data.communes.flatMap((commune) => commune.figures.get(indicator) ?? []);
  const { classes, classOf } = mapClasses(description, figures);
  const name = description.name.vi;
  const subject =
    description.unit === 'communes'
      ? name
      : `Tỷ lệ ${name.charAt(0).toLowerCase()}${name.slice(1)} theo xã, phường`;
  const areas = data.outlines.map(({ code, polygons, label }) => {
    const commune = communes.get(code);
    const mapClass = classOf(commune?.figures.get(indicator));
    return {
      code,
      label: commune && !data.commune ? String(commune.number) : '',
      polygons,
      labelAt: label,
      mapClass,
    };
  });
  const drawing = provinceMapSvg({
    name: `map-${number}`,
    areas,
    classes: classes.filter((each) => each !== missing || areas.some(({ mapClass }) => mapClass === missing)),
    highlighted: data.commune
      ? { code: data.commune.code, words: `${data.commune.type} ${data.commune.name} (viền đậm)` }
      : null,
    widthMillimeters: textWidthMillimeters('portrait'),
    maximumHeightMillimeters,
    areaWords: 'xã, phường',
    mark: data.simulated ? simulatedWords : null,
  });
  return {
    kind: 'figure',
    caption: `Hình ${number}. ${subject} đến ngày ${writeDay(data.asOf)}`,
    description:
      `Bản đồ các xã, phường: ${shortNames[indicator].toLowerCase()}. ${data.commune ? '' : 'Số trên bản đồ là số thứ tự trong Bảng 2.'}`.trim(),
    ...drawing,
  };
}
