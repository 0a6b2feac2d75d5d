import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The faces of Tinos, and what the same face of Times New Roman is called where that is installed. */
export const reportFontFiles = [
  { weight: 400, style: 'normal', local: 'Times New Roman', file: '400Regular/Tinos_400Regular.ttf' },
  { weight: 700, style: 'normal', local: 'Times New Roman Bold', file: '700Bold/Tinos_700Bold.ttf' },
  {
    weight: 400,
    style: 'italic',
    local: 'Times New Roman Italic',
    file: '400Regular_Italic/Tinos_400Regular_Italic.ttf',
  },
  {
    weight: 700,
    style: 'italic',
    local: 'Times New Roman Bold Italic',
    file: '700Bold_Italic/Tinos_700Bold_Italic.ttf',
  },
].map(({ file, ...face }) => ({
  ...face,
  read: (): Buffer => readFileSync(require.resolve(`@expo-google-fonts/tinos/${file}`)),
}));
