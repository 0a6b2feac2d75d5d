import type { ReactNode } from 'react';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import { unitCount, type Words } from './figure-words.ts';
import { axisParts, type TrendPoint, trendGeometry, trendPoints } from './trend-geometry.ts';

type TrendLineProps = {
  description: IndicatorDescription;
  figure: IndicatorFigure;
  months: ReadonlyMap<string, IndicatorFigure>;
  year: number;
  asOf: string;
  /** `small` in the list of targets, `large` on a target's own page. */
  size: 'small' | 'large';
};

const sizes = {
  small: { width: 248, height: 92, box: { left: 34, top: 8, width: 196, height: 64 } },
  large: { width: 460, height: 196, box: { left: 46, top: 14, width: 384, height: 150 } },
};
const axisShares = (parts: number) => Array.from({ length: parts + 1 }, (_, part) => part / parts);
const quarterStarts = [1, 4, 7, 10];
const everyMonth = Array.from({ length: 12 }, (_, index) => index + 1);

/** A year's standings month by month, with the target and what is to be expected on 31 December. */
export function TrendLine({ description, figure, months, year, asOf, size }: TrendLineProps) {
  const words = useLanguage();
  const { t, format } = words;
  const kind = description.unit === 'items' ? 'count' : 'share';
  const points = trendPoints(months, asOf, kind);
  if (points.length === 0) return <p className="quiet trend-none">{t('plan.trend.none')}</p>;
  const { width, height, box } = sizes[size];
  const drawn = trendGeometry(
    {
      points,
      target: description.target,
      projected: kind === 'share' ? figure.projected : null,
      year,
      ceiling: kind === 'share' ? 1 : null,
    },
    box,
  );
  const bottom = box.top + box.height;
  const right = box.left + box.width;
  const axis = (value: number) =>
    kind === 'share' ? format.decimal(value * 100, 1) : format.decimal(value, 1);
  const large = size === 'large';
  return (
    <svg
      className="trend-line"
      data-size={size}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={trendWords(points, description, figure, kind, words)}
    >
      {axisShares(large ? axisParts(drawn.top) : 2).map((part) => (
        <g key={part}>
          <line
            className="trend-grid"
            data-base={part === 0 || undefined}
            x1={box.left}
            x2={right}
            y1={bottom - part * box.height}
            y2={bottom - part * box.height}
          />
          <text className="trend-axis" x={box.left - 5} y={bottom - part * box.height} textAnchor="end">
            {part === 1 && kind === 'share' ? topShare(drawn.top, format) : axis(drawn.top * part)}
          </text>
        </g>
      ))}
      {(large ? everyMonth : quarterStarts).map((month) => (
        <text
          key={month}
          className="trend-axis"
          x={box.left + (box.width * (month - 1 + (large ? 0.5 : 0))) / 12}
          y={bottom + (large ? 16 : 12)}
          textAnchor={large ? 'middle' : 'start'}
        >
          {t('plan.trend.month', { month })}
        </text>
      ))}
      {drawn.band && <path className="trend-band" d={drawn.band} />}
      {drawn.projection && (
        <>
          <path className="trend-fan" d={drawn.projection.fan} />
          <path className="trend-projection" d={drawn.projection.line} />
        </>
      )}
      {drawn.targetY !== null && (
        <line className="trend-target" x1={box.left} x2={right} y1={drawn.targetY} y2={drawn.targetY} />
      )}
      <path className="trend-path" d={drawn.line} />
      {large &&
        points.map(({ day, value }) => (
          <circle key={day} className="trend-point" cx={drawn.x(day)} cy={drawn.y(value)} r={2.6} />
        ))}
      {drawn.last && (
        <circle className="trend-last" cx={drawn.last.x} cy={drawn.last.y} r={large ? 4.5 : 3.6} />
      )}
      {drawn.projection && (
        <circle
          className="trend-expected"
          cx={drawn.projection.x}
          cy={drawn.projection.y}
          r={large ? 4 : 3}
        />
      )}
    </svg>
  );
}

/** With its sign, as the language writes it. */
const topShare = (top: number, format: Formats) =>
  top < 0.01 ? format.percent(top) : format.wholePercent(top);

function trendWords(
  points: readonly TrendPoint[],
  { target, unit }: IndicatorDescription,
  { projected }: IndicatorFigure,
  kind: 'share' | 'count',
  words: Words,
): string {
  const { t, format } = words;
  const written = (value: number) =>
    kind === 'share' ? format.percent(value) : unitCount(unit, value, words);
  return [
    t('plan.trend.label', {
      points: points
        .map(({ day, value }) =>
          t('plan.trend.point', { day: format.day(day).slice(0, 5), value: written(value) }),
        )
        .join('; '),
    }),
    target !== null && t('plan.trend.target', { value: format.wholePercent(target) }),
    kind === 'share' &&
      projected &&
      t('plan.trend.expected', {
        value: format.percent(projected.value),
        lower: format.percent(projected.lower),
        upper: format.percent(projected.upper),
      }),
  ]
    .filter(Boolean)
    .join(' ');
}

/** What the lines of the trends are. */
export function TrendKey() {
  const { t } = useLanguage();
  const sample = (shape: ReactNode) => (
    <svg className="trend-sample" viewBox="0 0 24 10" width={24} height={10} aria-hidden="true">
      {shape}
    </svg>
  );
  return (
    <p className="trend-key quiet" aria-hidden="true">
      <span>
        {sample(<path className="trend-path" d="M1 7L23 3" />)} {t('plan.trend.keyLine')}
      </span>
      <span>
        {sample(<path className="trend-band" d="M1 8L23 7V1L1 6Z" />)} {t('plan.trend.keyBand')}
      </span>
      <span>
        {sample(<line className="trend-target" x1="1" x2="23" y1="5" y2="5" />)} {t('plan.trend.keyTarget')}
      </span>
      <span>
        {sample(
          <>
            <path className="trend-projection" d="M1 7L18 4" />
            <circle className="trend-expected" cx="19.5" cy="4" r="3" />
          </>,
        )}{' '}
        {t('plan.trend.keyProjection')}
      </span>
    </p>
  );
}
