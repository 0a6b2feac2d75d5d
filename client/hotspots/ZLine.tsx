import { colors } from './hotspot-classes.ts';

type ZLineProps = { values: readonly (number | null)[]; significant: readonly boolean[]; label: string };

const width = 96;
const height = 22;
/** Beyond ±4 the line stays at the edge: what differs there is no longer in doubt. */
const greatest = 4;

/** z over the slices about the line of 0; slices that are hot or cold beyond chance have a dot, slices without a z a gap. */
export function ZLine({ values, significant, label }: ZLineProps) {
  const x = (slice: number) =>
    values.length === 1 ? width / 2 : 4 + (slice * (width - 8)) / (values.length - 1);
  const y = (z: number) =>
    height / 2 - (Math.max(-greatest, Math.min(greatest, z)) / greatest) * (height / 2 - 3);
  const path = values
    .map((z, slice) =>
      z === null
        ? ''
        : `${slice === 0 || values[slice - 1] === null ? 'M' : 'L'}${x(slice).toFixed(1)} ${y(z).toFixed(1)}`,
    )
    .join('');
  return (
    <svg className="z-line" width={width} height={height} role="img" aria-label={label}>
      <line x1={0} x2={width} y1={height / 2} y2={height / 2} />
      <path d={path} />
      {values.map((z, slice) =>
        z !== null && significant[slice] ? (
          <circle
            key={x(slice)}
            cx={x(slice)}
            cy={y(z)}
            r={3}
            fill={z > 0 ? colors.hot[2] : colors.cold[2]}
          />
        ) : null,
      )}
    </svg>
  );
}
