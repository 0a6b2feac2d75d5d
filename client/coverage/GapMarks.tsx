import { memo, useMemo } from 'react';
import type { GapsAnswer } from '../../contract/coverage-reach.ts';
import { type ProvinceDrawing, ringPath } from '../map/province-drawing.ts';

const numbersWritten = 12;

/** Areas that outreach has not reached, the gravest with their rank. */
export const GapMarks = memo(function GapMarks({
  gaps,
  drawing,
  unitsPerPixel,
}: {
  gaps: GapsAnswer;
  drawing: ProvinceDrawing;
  unitsPerPixel: number;
}) {
  const drawn = useMemo(
    () =>
      gaps.features.map(({ id, geometry, properties }) => ({
        id,
        rank: properties.rank,
        path: geometry.coordinates
          .flatMap((rings) => rings.map((ring) => ringPath(ring.map((at) => drawing.place(at)))))
          .join(''),
        at: drawing.place(properties.labelPoint),
      })),
    [gaps, drawing],
  );
  const size = 11 * unitsPerPixel;
  return (
    <>
      {drawn.map(({ id, path }) => (
        <path key={id} className="gap-area" d={path} />
      ))}
      {drawn
        .filter(({ rank }) => rank <= numbersWritten)
        .map(({ id, rank, at: [x, y] }) => (
          <g key={id} className="gap-rank">
            <circle cx={x} cy={y} r={size * 0.85} />
            <text x={x} y={y} fontSize={size}>
              {rank}
            </text>
          </g>
        ))}
    </>
  );
});
