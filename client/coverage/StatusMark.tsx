import './status.css';
import type { ReactNode } from 'react';
import type { IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { statusWords } from './figure-words.ts';
import { type ToldStatus, toldStatus } from './standing.ts';

// Told apart by shape as well as by colour and words, so that a black-and-white print keeps them apart.
const shapes: Record<ToldStatus, ReactNode> = {
  met: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
      <path d="m4.8 8.3 2.2 2.2 4.2-4.6" stroke="#fff" />
    </>
  ),
  'on-pace': (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M5.5 10.5 10.5 5.5M6.8 5.5h3.7v3.7" />
    </>
  ),
  behind: (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M8 4.3V8l2.6 1.7" />
    </>
  ),
  'not-met': (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" />
    </>
  ),
  'too-early': (
    <>
      <circle cx="8" cy="8" r="6.3" strokeDasharray="2.2 2.2" />
      <path d="M8 4.3V8l2.6 1.7" />
    </>
  ),
  suppressed: (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M10.3 5 5.6 8l4.7 3" />
    </>
  ),
  'no-data': <circle cx="8" cy="8" r="6.3" strokeDasharray="2.2 2.2" />,
  'no-target': (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M5.2 8h5.6" />
    </>
  ),
};

export function StatusIcon({ status, size = 16 }: { status: ToldStatus; size?: number }) {
  return (
    <svg
      className="status-icon"
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[status]}
    </svg>
  );
}

/** A status as a symbol, a colour and words. */
export function StatusMark({
  figure,
  yearIsOver,
  plain = false,
}: {
  figure: Pick<IndicatorFigure, 'status' | 'value'>;
  yearIsOver: boolean;
  /** Without its ground, for tables. */
  plain?: boolean;
}) {
  const words = useLanguage();
  const status = toldStatus(figure, yearIsOver);
  return (
    <span className="status-mark" data-status={status} data-plain={plain || undefined}>
      <StatusIcon status={status} />
      {statusWords(figure, yearIsOver, words)}
    </span>
  );
}
