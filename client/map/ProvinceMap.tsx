import './province-map.css';
import { useElementSize } from '@mantine/hooks';
import { memo, type PointerEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { type Label, placeLabels } from './label-placement.ts';
import { palette } from './palette.ts';
import type { ProvinceDrawing } from './province-drawing.ts';
import type { ZoomControl } from './use-zoom.ts';

export type Pointed = { code: string; x: number; y: number };
export type MapSymbols = {
  /** Colour by commune; those without have the colour of the land. */
  fills: ReadonlyMap<string, string>;
  /** Communes that could not be tested. */
  hatched: ReadonlySet<string>;
  /** Names to write, most telling first, in drawing units. */
  labels: readonly Label[];
  /** What lies over the communes, beneath their borders. */
  surface?: ReactNode;
  /** What lies over everything but the names. */
  marks?: (unitsPerPixel: number) => ReactNode;
};

type ProvinceMapProps = MapSymbols & {
  drawing: ProvinceDrawing;
  /** Names of all communes, for which there is room once the map is enlarged. */
  everyName: readonly Label[];
  surroundings: readonly Label[];
  zoomControl: ZoomControl;
  label: string;
  selected: string | null;
  pointed: string | null;
  tip: ReactNode;
  onPoint: (pointed: Pointed | null) => void;
  onSelect: (code: string) => void;
};

const clickSlackPixels = 4;
const labelPixels = 11.5;
/** Enlarged so many times there is room for most names. */
const everyNameFrom = 2.5;

/**
 * Communes as a drawing and not a MapLibre map: contexts of WebGL are few, office machines may have none, and it has to be
 * seen at the first glance, two side by side if need be, and printed sharp.
 */
export function ProvinceMap(props: ProvinceMapProps) {
  const { drawing, zoomControl, label, selected, pointed, tip, onPoint, onSelect } = props;
  const { ref: box, width, height } = useElementSize<HTMLDivElement>();
  const hatch = `hatch-${useId()}`;
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const { zoom, zoomAt } = zoomControl;

  const ready = width > 0 && height > 0 && zoom !== null;
  const unitsPerPixel = ready ? Math.max(drawing.width / width, drawing.height / height) / zoom.times : 1;
  const frame = ready
    ? {
        x: zoom.x - (width * unitsPerPixel) / 2,
        y: zoom.y - (height * unitsPerPixel) / 2,
        width: width * unitsPerPixel,
        height: height * unitsPerPixel,
      }
    : { x: 0, y: 0, width: drawing.width, height: drawing.height };

  // React listens to the wheel passively; here the page must not scroll under Ctrl and wheel.
  useEffect(() => {
    const element = svg.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const matrix = element.getScreenCTM();
      if (!matrix) return;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      zoomAt(point, Math.exp(-event.deltaY / 300));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [zoomAt]);

  const codeAt = (event: PointerEvent) =>
    (event.target as Element).closest<SVGElement>('[data-code]')?.dataset.code ?? null;
  const move = (event: PointerEvent) => {
    const from = drag.current;
    if (from && event.buttons === 1) {
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (from.moved || Math.hypot(x, y) > clickSlackPixels) {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        zoomControl.move(-x * unitsPerPixel, -y * unitsPerPixel);
        onPoint(null);
      }
      return;
    }
    const code = codeAt(event);
    const rectangle = svg.current!.getBoundingClientRect();
    onPoint(code ? { code, x: event.clientX - rectangle.left, y: event.clientY - rectangle.top } : null);
  };
  const release = (event: PointerEvent) => {
    const code = codeAt(event);
    if (drag.current && !drag.current.moved && code) onSelect(code);
    drag.current = null;
  };
  const outline = (code: string | null) => drawing.communes.find((one) => one.code === code)?.path;
  return (
    <div className="province-map" ref={box} data-zoomed={zoom !== null && zoom.times > 1}>
      {/* The table is what the keyboard uses. */}
      <svg
        ref={svg}
        viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
        role="img"
        aria-label={label}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY, moved: false };
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerLeave={() => onPoint(null)}
      >
        <defs>
          <pattern
            id={hatch}
            width={5 * unitsPerPixel}
            height={5 * unitsPerPixel}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="100%" height="100%" fill={palette.none} />
            <line y2="100%" stroke={palette.hatch} strokeWidth={2 * unitsPerPixel} />
          </pattern>
        </defs>
        <path className="province-halo" d={drawing.edge} />
        <CommuneFills drawing={drawing} fills={props.fills} hatched={props.hatched} hatch={hatch} />
        <g className="province-surface">{props.surface}</g>
        <path className="province-borders" d={drawing.borders} />
        <path className="province-edge" d={drawing.edge} />
        <g className="province-marks">{props.marks?.(unitsPerPixel)}</g>
        {pointed && pointed !== selected && <path className="province-pointed" d={outline(pointed)} />}
        {selected && <path className="province-selected-casing" d={outline(selected)} />}
        {selected && <path className="province-selected" d={outline(selected)} />}
        {ready && (
          <MapNames
            {...props}
            everyName={zoom.times >= everyNameFrom ? props.everyName : []}
            frame={frame}
            size={labelPixels * unitsPerPixel}
          />
        )}
      </svg>
      {tip}
    </div>
  );
}

const CommuneFills = memo(function CommuneFills({
  drawing,
  fills,
  hatched,
  hatch,
}: Pick<ProvinceMapProps, 'drawing' | 'fills' | 'hatched'> & { hatch: string }) {
  return (
    <g className="province-fills">
      {drawing.communes.map(({ code, path }) => (
        <path
          key={code}
          d={path}
          data-code={code}
          fill={hatched.has(code) ? `url(#${hatch})` : (fills.get(code) ?? palette.land)}
        />
      ))}
    </g>
  );
});

/** Names over a pale rim. */
function MapNames({
  labels,
  everyName,
  surroundings,
  frame,
  size,
}: Pick<ProvinceMapProps, 'labels' | 'everyName' | 'surroundings'> & {
  frame: { x: number; y: number; width: number; height: number };
  size: number;
}) {
  const isNamed = new Set(labels.map(({ x, y }) => `${x} ${y}`));
  const others = everyName.filter(({ x, y }) => !isNamed.has(`${x} ${y}`));
  const lowered = [...labels, ...others].map((label) => ({
    ...label,
    y: label.y + (label.below ? 1.75 * size : 0),
  }));
  return (
    <g className="province-names">
      {surroundings
        .filter(({ x, y }) => Math.abs(x - frame.x - frame.width / 2) < frame.width / 2 && y > frame.y)
        .map(({ text, x, y }) => {
          // Kept whole at the edge of the map.
          const halfWidth = text.length * size * 0.42;
          const kept = Math.min(frame.x + frame.width - halfWidth, Math.max(frame.x + halfWidth, x));
          return (
            <text key={text} className="province-around" x={kept} y={y} fontSize={size * 0.95}>
              {text.toLocaleUpperCase('vi')}
            </text>
          );
        })}
      {placeLabels(lowered, size).map(({ text, x, y }) => (
        <text key={`${text} ${x}`} x={x} y={y} fontSize={size} strokeWidth={size * 0.26}>
          {text}
        </text>
      ))}
    </g>
  );
}
