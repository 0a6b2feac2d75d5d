import type { Position } from 'geojson';
import type {
  IndicatorDescription,
  IndicatorFigure,
  IndicatorId,
} from '../../../contract/coverage-indicators.ts';
import type { PeriodOfYear } from './report-period.ts';

export type ReportCommune = {
  /** Its place in the table of communes, by which maps name it. */
  number: number;
  code: string;
  /** With its type: "xã Yên Khánh". */
  name: string;
  figures: ReadonlyMap<IndicatorId, IndicatorFigure>;
};

/** An outline for drawing, in web mercator metres. */
export type ReportOutline = { code: string; polygons: readonly Position[][][]; label: Position };

/** All that a report says, before words are made of it. */
export type ReportData = {
  period: PeriodOfYear;
  asOf: string;
  dataVersion: number;
  simulated: boolean;
  province: { name: string; isCity: boolean };
  /** Whose report it is; null for the province's. */
  commune: { code: string; name: string; type: string } | null;
  /** Nothing of other communes is in it: no place among them, no map. */
  ownAlone?: boolean;
  indicators: readonly IndicatorDescription[];
  /** The commune's figures, or the province's. */
  own: ReadonlyMap<IndicatorId, IndicatorFigure>;
  provincial: ReadonlyMap<IndicatorId, IndicatorFigure>;
  /** What the numerator of `own` gained within the period up to `asOf`. */
  gained: ReadonlyMap<IndicatorId, number | null>;
  communes: readonly ReportCommune[];
  /** What no commune did; null where nothing is counted apart from communes. */
  agencies: ReadonlyMap<IndicatorId, IndicatorFigure> | null;
  outlines: readonly ReportOutline[];
  /** The indicator asked to be drawn; null for the two that tell most. */
  map: IndicatorId | null;
};
