/**
 * Dates a printed PDF midnight of a day in Vietnam instead of when it was printed, so that one page gives one file. Byte
 * for byte: the offsets that a PDF holds of itself stay right.
 */
export function settlePdf(pdf: Buffer, day: string): Buffer {
  const digits = `${day.replaceAll('-', '')}000000`;
  const text = pdf
    .toString('latin1')
    .replace(
      /(\/(?:CreationDate|ModDate) ?\(D:)\d{14}([^)]*\))/g,
      (_, start: string, zone: string) =>
        `${start}${digits}${/^[+-]\d\d'\d\d'\)$/.test(zone) ? "+07'00')" : zone}`,
    );
  return Buffer.from(text, 'latin1');
}
