import { useCallback, useMemo, useState } from 'react';

/** What part of the drawing is seen, the same on both sides: its middle in drawing units, and how far it is enlarged. */
export type Zoom = { x: number; y: number; times: number };
export type ZoomControl = {
  zoom: Zoom | null;
  /** Enlarges about a point of the drawing, which keeps its place on the screen. */
  zoomAt: (point: { x: number; y: number }, factor: number) => void;
  move: (x: number, y: number) => void;
  whole: () => void;
};
export type Frame = { width: number; height: number };

const greatestTimes = 12;

export function zoomedAt(
  before: Zoom,
  { x, y }: { x: number; y: number },
  factor: number,
  frame: Frame,
): Zoom {
  const times = Math.min(greatestTimes, Math.max(1, before.times * factor));
  const kept = before.times / times;
  return within({ x: x + (before.x - x) * kept, y: y + (before.y - y) * kept, times }, frame);
}

/** The middle is kept over the drawing, so that it cannot be lost from sight. */
export function within({ x, y, times }: Zoom, { width, height }: Frame): Zoom {
  const clamp = (value: number, size: number) =>
    Math.min(size - size / (2 * times), Math.max(size / (2 * times), value));
  return { x: clamp(x, width), y: clamp(y, height), times };
}

export function useZoom(frame: Frame | null): ZoomControl {
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const start = useMemo(() => frame && { x: frame.width / 2, y: frame.height / 2, times: 1 }, [frame]);
  const zoomAt = useCallback<ZoomControl['zoomAt']>(
    (point, factor) => {
      if (frame && start) setZoom((before) => zoomedAt(before ?? start, point, factor, frame));
    },
    [frame, start],
  );
  const move = useCallback<ZoomControl['move']>(
    (x, y) => {
      if (frame && start)
        setZoom((before) => {
          const from = before ?? start;
          return within({ ...from, x: from.x + x, y: from.y + y }, frame);
        });
    },
    [frame, start],
  );
  const whole = useCallback(() => setZoom(null), []);
  return { zoom: zoom ?? start, zoomAt, move, whole };
}
