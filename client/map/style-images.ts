import { palette } from './palette.ts';

const pixelRatio = 2;
/** The diameter of a disc as it is drawn; layers scale it down. */
export const discPixels = 24;
// A works with a saw-tooth roof.
const parkSign = [
  [2, 15.5],
  [2, 8.5],
  [6.2, 5.2],
  [6.2, 8.5],
  [10.6, 5.2],
  [10.6, 8.5],
  [13, 8.5],
  [13, 2.5],
  [16, 2.5],
  [16, 15.5],
] as const;
type Drawing = { size: number; draw: (context: CanvasRenderingContext2D, size: number) => void };

/** Hatches and symbols, drawn here so that none has to be fetched. Each is named in a layer and made when it is missing. */
const disc = (color: string): Drawing => ({
  size: discPixels + 2,
  draw: (context, size) => {
    context.beginPath();
    context.arc(size / 2, size / 2, discPixels / 2 - 0.8, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    context.lineWidth = 1.6;
    context.strokeStyle = '#ffffff';
    context.stroke();
  },
});

const drawings: Record<string, Drawing> = {
  'disc-dormitories': disc(palette.dormitory),
  'disc-schools': disc(palette.school),
  'disc-establishments': disc(palette.establishment),
  'hatch-none': { size: 8, draw: (context, size) => diagonals(context, size, palette.hatch, 1) },
  'hatch-adjoining': { size: 10, draw: (context, size) => diagonals(context, size, palette.adjoining, 0.8) },
  'hatch-coastal': { size: 10, draw: (context, size) => waves(context, size, palette.coastal, 1.2) },
  'symbol-industrial-parks': {
    size: 18,
    draw: (context) => {
      context.beginPath();
      for (const [x, y] of parkSign) context.lineTo(x, y);
      context.closePath();
      fillWithRim(context, palette.park);
    },
  },
  'symbol-dormitories': {
    size: 18,
    draw: (context) => {
      context.beginPath();
      context.moveTo(9, 2.2);
      context.lineTo(15.8, 8);
      context.lineTo(15.8, 15.8);
      context.lineTo(2.2, 15.8);
      context.lineTo(2.2, 8);
      context.closePath();
      fillWithRim(context, palette.dormitory);
    },
  },
  'symbol-schools': {
    size: 18,
    draw: (context) => {
      context.beginPath();
      context.moveTo(9, 1.8);
      context.lineTo(16.4, 15.4);
      context.lineTo(1.6, 15.4);
      context.closePath();
      fillWithRim(context, palette.school);
    },
  },
};

export function styleImage(name: string): { data: ImageData; pixelRatio: number } | null {
  const drawing = drawings[name];
  if (!drawing) return null;
  const canvas = document.createElement('canvas');
  canvas.width = drawing.size * pixelRatio;
  canvas.height = drawing.size * pixelRatio;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.scale(pixelRatio, pixelRatio);
  drawing.draw(context, drawing.size);
  return { data: context.getImageData(0, 0, canvas.width, canvas.height), pixelRatio };
}

// Three strokes, so that the pattern meets itself at the tile's corners.
function diagonals(context: CanvasRenderingContext2D, size: number, color: string, width: number) {
  context.strokeStyle = color;
  context.lineWidth = width;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    context.stroke();
  }
}

function waves(context: CanvasRenderingContext2D, size: number, color: string, width: number) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  for (let x = -1; x <= size + 1; x += 0.5) {
    const y = size / 2 + 1.6 * Math.sin((2 * Math.PI * x) / size);
    if (x === -1) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

function fillWithRim(context: CanvasRenderingContext2D, color: string) {
  context.lineJoin = 'round';
  context.lineWidth = 2.6;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.fillStyle = color;
  context.fill();
}
