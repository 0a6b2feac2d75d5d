import type { Geometry } from 'geojson';

/** One row as its file has it. Values keep the type that the file gives them: a CSV has text alone. */
export type SourceRow = {
  line: number;
  values: Readonly<Record<string, unknown>>;
  /** In the source's own coordinates. Null when the row has none, or when they stand in columns. */
  geometry: Geometry | null;
  /** What keeps the row from being read at all, such as a missing closing bracket of its own. */
  fault?: string;
};

export type Source = {
  /** As a sentence says it: "GeoJSON", "zipped Shapefile". */
  format: string;
  /** "line 12", "row 12" or "feature 12" */
  rowWord: 'line' | 'row' | 'feature';
  /** Columns known before the first row; in GeoJSON they come with the features. */
  columns: readonly string[];
  /** The coordinate system that the file itself states: an EPSG code, or its words when they name none that is known. */
  statedCrs: { code: number } | { unknown: string } | null;
  rows: AsyncIterable<SourceRow> | Iterable<SourceRow>;
  /** The same rows as they are read together, where waiting for each by itself would cost as much as reading it. */
  batches?: AsyncIterable<readonly SourceRow[]>;
};

export async function* batchesOf({ rows, batches }: Source): AsyncIterable<readonly SourceRow[]> {
  if (batches) yield* batches;
  else for await (const row of rows) yield [row];
}

export type SourceOptions = {
  /** The layer of a GeoPackage, the sheet of a workbook, the Shapefile of an archive; needed where there are several. */
  layer?: string | undefined;
  /** The encoding of a text file or of a Shapefile's table when the file does not declare it. */
  encoding?: string | undefined;
  /** Largest size of an archive's contents once unpacked. */
  maximumUnpackedBytes?: number | undefined;
};
export const defaultMaximumUnpackedBytes = 2 * 1024 ** 3;
