/**
 * Takes out of a printed PDF what differs from one print of a page to the next, so that one page gives one file: when it was
 * printed, which becomes midnight of a day in Vietnam, and the numbers that Chromium happened to give the elements behind
 * its tags (one print of fourteen on a busy machine), which become their ranks: order, which the tree of names needs,
 * stays. Byte for byte: the offsets that a PDF holds of itself stay right.
 */
export function settlePdf(pdf: Buffer, day: string): Buffer {
  const digits = `${day.replaceAll('-', '')}000000`;
  const text = pdf.toString('latin1');
  const named = /\(node(\d{8})\)/g;
  const ranks = new Map(
    [...new Set([...text.matchAll(named)].map(([, number]) => number!))]
      .sort()
      .map((number, index) => [number, String(index + 1).padStart(8, '0')]),
  );
  const settled = text
    .replace(
      /(\/(?:CreationDate|ModDate) ?\(D:)\d{14}([^)]*\))/g,
      (_, start: string, zone: string) =>
        `${start}${digits}${/^[+-]\d\d'\d\d'\)$/.test(zone) ? "+07'00')" : zone}`,
    )
    .replace(named, (_, number: string) => `(node${ranks.get(number)})`);
  return Buffer.from(settled, 'latin1');
}
