import latin500 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-500-normal.woff2?url';
import latin600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-600-normal.woff2?url';
import vietnamese500 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-500-normal.woff2?url';
import vietnamese600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-600-normal.woff2?url';
import type { StyleSpecification } from 'maplibre-gl';
import { palette } from './palette.ts';

export const mediumFont = ['Be Vietnam Pro Medium'];
export const semiboldFont = ['Be Vietnam Pro SemiBold'];

// The ranges that Fontsource gives its subsets, as far as Vietnamese text reaches. They have to be named: MapLibre draws
// each letter from the first file that covers it, and would else draw "ộ" from the Latin file, which lacks it.
const vietnameseRange = [
  'U+0102-0103',
  'U+0110-0111',
  'U+0128-0129',
  'U+0168-0169',
  'U+01A0-01A1',
  'U+01AF-01B0',
  'U+0300-0301',
  'U+0303-0304',
  'U+0308-0309',
  'U+0323',
  'U+1EA0-1EF9',
  'U+20AB',
];
const latinRange = ['U+0000-00FF', 'U+2000-206F'];

/** The ground without any data, and the fonts that labels are drawn from. There is no glyph server. */
export const baseStyle: StyleSpecification = {
  version: 8,
  'font-faces': {
    'Be Vietnam Pro Medium': [
      { url: absolute(vietnamese500), 'unicode-range': vietnameseRange },
      { url: absolute(latin500), 'unicode-range': latinRange },
    ],
    'Be Vietnam Pro SemiBold': [
      { url: absolute(vietnamese600), 'unicode-range': vietnameseRange },
      { url: absolute(latin600), 'unicode-range': latinRange },
    ],
  },
  sources: {},
  layers: [{ id: 'ground', type: 'background', paint: { 'background-color': palette.ground } }],
};

function absolute(path: string): string {
  return new URL(path, window.location.href).href;
}
