/**
 * Convolution of surfaces on a grid with a symmetric kernel by the fast Fourier transform, zero-padded so that nothing
 * wraps round. For compact kernels of wide reach, which do not separate into rows and columns as the Gaussian does:
 * 0.2 s on 512 × 512 whatever the reach, where the direct sum over a disc of 113 cells' radius takes 10 s.
 */
export type FftKernel = {
  columns: number;
  rows: number;
  paddedColumns: number;
  paddedRows: number;
  /** Transform of the kernel; real, since the kernel is even in x and y. */
  transform: Float64Array;
};

/** Cells of the padded surface: two arrays of doubles of this length are held at once. */
export function fftCells(columns: number, rows: number, reachCells: number): number {
  return powerOfTwo(columns + reachCells) * powerOfTwo(rows + reachCells);
}

/** `valueAt(dx, dy)` in cells; zero beyond `reachCells`. */
export function prepareFftKernel(
  columns: number,
  rows: number,
  reachCells: number,
  valueAt: (dx: number, dy: number) => number,
): FftKernel {
  const paddedColumns = powerOfTwo(columns + reachCells);
  const paddedRows = powerOfTwo(rows + reachCells);
  const transform = new Float64Array(paddedColumns * paddedRows);
  const yReach = Math.min(reachCells, rows - 1);
  const xReach = Math.min(reachCells, columns - 1);
  for (let dy = -yReach; dy <= yReach; dy++) {
    const row = (dy + paddedRows) % paddedRows;
    for (let dx = -xReach; dx <= xReach; dx++) {
      transform[row * paddedColumns + ((dx + paddedColumns) % paddedColumns)] = valueAt(dx, dy);
    }
  }
  const imaginary = new Float64Array(transform.length);
  transformRows(transform, imaginary, paddedColumns, 0, yReach + 1);
  transformRows(transform, imaginary, paddedColumns, paddedRows - yReach, paddedRows);
  transformColumns(transform, imaginary, paddedRows, paddedColumns);
  return { columns, rows, paddedColumns, paddedRows, transform };
}

/** Two surfaces at the cost of one, since both are real: one rides in the imaginary part. */
export function convolve(
  kernel: FftKernel,
  surface: Float64Array,
  second: Float64Array | null = null,
): [Float64Array, Float64Array] {
  const { columns, rows, paddedColumns, paddedRows, transform } = kernel;
  const real = new Float64Array(transform.length);
  const imaginary = new Float64Array(transform.length);
  for (let row = 0; row < rows; row++) {
    real.set(surface.subarray(row * columns, (row + 1) * columns), row * paddedColumns);
    if (second) imaginary.set(second.subarray(row * columns, (row + 1) * columns), row * paddedColumns);
  }
  transformRows(real, imaginary, paddedColumns, 0, rows);
  transformColumns(real, imaginary, paddedRows, paddedColumns);
  // Conjugate, so that a second forward transform is the inverse.
  for (let i = 0; i < transform.length; i++) {
    real[i]! *= transform[i]!;
    imaginary[i]! *= -transform[i]!;
  }
  transformColumns(real, imaginary, paddedRows, paddedColumns);
  transformRows(real, imaginary, paddedColumns, 0, rows);
  const scale = 1 / transform.length;
  const first = new Float64Array(columns * rows);
  const other = new Float64Array(second ? columns * rows : 0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = row * paddedColumns + column;
      first[row * columns + column] = real[from]! * scale;
      if (second) other[row * columns + column] = -imaginary[from]! * scale;
    }
  }
  return [first, other];
}

function powerOfTwo(least: number): number {
  let size = 1;
  while (size < least) size *= 2;
  return size;
}

/** Columns that are transformed together: eight doubles share a cache line. */
const ABREAST = 8;

type Tables = { cosines: Float64Array; sines: Float64Array };

function tablesFor(size: number): Tables {
  const cosines = new Float64Array(Math.max(1, size / 2));
  const sines = new Float64Array(cosines.length);
  for (let k = 0; k < cosines.length; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / size);
    sines[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  return { cosines, sines };
}

/** Transforms the rows from … to − 1; the others are zeros, or nobody asks for them. */
function transformRows(
  real: Float64Array,
  imaginary: Float64Array,
  columns: number,
  from: number,
  to: number,
): void {
  const tables = tablesFor(columns);
  for (let row = from; row < to; row++) {
    transformLine(
      real.subarray(row * columns, (row + 1) * columns),
      imaginary.subarray(row * columns, (row + 1) * columns),
      tables,
    );
  }
}

function transformColumns(real: Float64Array, imaginary: Float64Array, rows: number, columns: number): void {
  const tables = tablesFor(rows);
  const abreast = Math.min(ABREAST, columns);
  const lines = Array.from({ length: abreast }, () => ({
    real: new Float64Array(rows),
    imaginary: new Float64Array(rows),
  }));
  for (let first = 0; first < columns; first += abreast) {
    for (let row = 0, at = first; row < rows; row++, at += columns) {
      for (let i = 0; i < abreast; i++) {
        lines[i]!.real[row] = real[at + i]!;
        lines[i]!.imaginary[row] = imaginary[at + i]!;
      }
    }
    for (const line of lines) transformLine(line.real, line.imaginary, tables);
    for (let row = 0, at = first; row < rows; row++, at += columns) {
      for (let i = 0; i < abreast; i++) {
        real[at + i] = lines[i]!.real[row]!;
        imaginary[at + i] = lines[i]!.imaginary[row]!;
      }
    }
  }
}

/** Cooley and Tukey's radix-2 transform in place. */
function transformLine(real: Float64Array, imaginary: Float64Array, tables: Tables): void {
  const { cosines, sines } = tables;
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const heldReal = real[i]!;
      const heldImaginary = imaginary[i]!;
      real[i] = real[j]!;
      imaginary[i] = imaginary[j]!;
      real[j] = heldReal;
      imaginary[j] = heldImaginary;
    }
  }
  for (let half = 1; half < size; half *= 2) {
    const jump = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0, at = 0; k < half; k++, at += jump) {
        const cosine = cosines[at]!;
        const sine = sines[at]!;
        const i = start + k;
        const j = i + half;
        const turnedReal = real[j]! * cosine - imaginary[j]! * sine;
        const turnedImaginary = real[j]! * sine + imaginary[j]! * cosine;
        real[j] = real[i]! - turnedReal;
        imaginary[j] = imaginary[i]! - turnedImaginary;
        real[i]! += turnedReal;
        imaginary[i]! += turnedImaginary;
      }
    }
  }
}
