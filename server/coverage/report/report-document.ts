// What a report consists of, before any format: the three writers turn it into DOCX, PDF and XLSX.

export type Align = 'left' | 'center' | 'right';
export type Cell = { text: string; align?: Align; bold?: boolean };
export type Column = { widthMillimeters: number; align: Align };

export type Table = {
  kind: 'table';
  caption: string;
  columns: readonly Column[];
  /** Rows that are repeated on every page that the table reaches. */
  head: readonly (readonly Cell[])[];
  rows: readonly (readonly Cell[])[];
  fontPoints: number;
  notes: readonly string[];
};

export type Figure = {
  kind: 'figure';
  caption: string;
  /** Said to who cannot see it. */
  description: string;
  svg: string;
  widthMillimeters: number;
  heightMillimeters: number;
};

export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'paragraph'; text: string; emphasis?: 'italic' | 'bold' }
  /** Dotted lines for the author to write on. */
  | { kind: 'dotted-lines'; lines: number }
  | Table
  | Figure;

/** Pages that lie one way. */
export type Part = { orientation: 'portrait' | 'landscape'; blocks: readonly Block[] };

export type Sheet = {
  name: string;
  title: string;
  notes: readonly string[];
  columns: readonly {
    title: string;
    format: 'text' | 'count' | 'percent' | 'decimal';
    widthCharacters: number;
  }[];
  rows: readonly (readonly (string | number | null)[])[];
  orientation: 'portrait' | 'landscape';
};

export type ReportDocument = {
  /** Above the issuing body: the body that it belongs to; null where it stands alone. */
  parentBody: string | null;
  issuingBody: readonly string[];
  documentNumber: string;
  placeAndDate: string;
  title: string;
  subject: string;
  parts: readonly Part[];
  /** The last sentence stays on one page with what follows it: nobody signs an empty page. */
  closing: { sentence: string; recipients: readonly string[]; signature: readonly string[] };
  sheets: readonly Sheet[];
  simulated: boolean;
  asOf: string;
};

export const nationalName = 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM';
export const nationalMotto = 'Độc lập - Tự do - Hạnh phúc';
export const simulatedWords = 'DỮ LIỆU MÔ PHỎNG';

/** Decree 30/2020/NĐ-CP, annex I: margins top and bottom 20–25 mm, left 30–35, right 15–20. */
export const pageMillimeters = {
  short: 210,
  long: 297,
  top: 20,
  bottom: 20,
  left: 30,
  right: 15,
  /** From the page's edge to its number. */
  pageNumber: 10,
} as const;
export const textWidthMillimeters = (orientation: Part['orientation']): number =>
  (orientation === 'portrait' ? pageMillimeters.short : pageMillimeters.long) -
  pageMillimeters.left -
  pageMillimeters.right;
export const bodyPoints = 14;
