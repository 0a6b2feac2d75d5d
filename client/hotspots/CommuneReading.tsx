import type { Described } from './describe-commune.ts';

export function CommuneReading({ described }: { described: Described }) {
  return (
    <>
      {described.title && (
        <span className="tip-figure">
          <i className="swatch" style={{ background: described.color ?? undefined }} />
          <b>{described.title}</b>
        </span>
      )}
      {described.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </>
  );
}
