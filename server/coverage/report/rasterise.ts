import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { reportFontFiles } from './report-fonts.ts';

const require = createRequire(import.meta.url);
let ready: Promise<Uint8Array[]> | undefined;

/** The renderer and its fonts, loaded once: half a second that only a report with a picture pays. */
const prepared = () =>
  (ready ??= (async () => {
    await initWasm(await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return reportFontFiles.filter(({ style }) => style === 'normal').map(({ read }) => read());
  })());

/** An SVG as PNG of so many pixels' width, on white. The same SVG gives the same bytes on every machine. */
export async function rasterise(svg: string, widthPixels: number): Promise<Buffer> {
  const fontBuffers = await prepared();
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: widthPixels },
    background: '#fff',
    font: { fontBuffers, defaultFontFamily: 'Tinos', serifFamily: 'Tinos' },
  });
  try {
    const image = drawing.render();
    try {
      return Buffer.from(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}
