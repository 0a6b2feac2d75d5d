import { describe, expect, it } from 'vitest';
import { settlePdf } from './settle-pdf.ts';

const pdf = (printed: string, first: number) => {
  const name = (number: number) => `(node${String(number).padStart(8, '0')})`;
  return Buffer.from(
    `%PDF-1.4\n/CreationDate (D:${printed}+00'00')\n/ModDate (D:${printed}+00'00')\n/ID ${name(first + 2)}\n/ID ${name(first)}\n/Names [${name(first)} 1 0 R ${name(first + 2)} 2 0 R]\n\xff`,
    'latin1',
  );
};

describe('settlePdf', () => {
  it('makes one file of two prints of a page, and moves no byte', () => {
    const one = settlePdf(pdf('20261123233015', 47), '2026-09-30');
    const other = settlePdf(pdf('20261124001500', 48), '2026-09-30');
    expect(one.equals(other)).toBe(true);
    expect(one.length).toBe(pdf('20261123233015', 47).length);
    expect(one.at(-1)).toBe(0xff);
    expect(one.toString('latin1')).toContain("/CreationDate (D:20260930000000+07'00')");
  });

  it('keeps the order of names', () => {
    expect(settlePdf(pdf('20261123233015', 98), '2026-09-30').toString('latin1')).toContain(
      '/Names [(node00000001) 1 0 R (node00000002) 2 0 R]',
    );
  });
});
