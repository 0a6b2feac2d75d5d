import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { vi } from './vi.ts';

type Tree = { [key: string]: string | Tree };
const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : leaves(value, `${path}${key}.`),
  );
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)(?:, \w+)?\}\}/g)].map(([, name]) => name).sort();

const vietnamese = new Map(leaves(vi as unknown as Tree));
const english = new Map(leaves(en as unknown as Tree));

describe('the two languages', () => {
  it('have the same messages', () => {
    expect([...english.keys()].sort()).toEqual([...vietnamese.keys()].sort());
  });

  it('fill in the same values', () => {
    for (const [key, text] of vietnamese)
      expect([key, placeholders(english.get(key)!)]).toEqual([key, placeholders(text)]);
  });

  it('leave nothing empty', () => {
    for (const [key, text] of [...vietnamese, ...english])
      expect([key, text.trim().length > 0]).toEqual([key, true]);
  });

  it('are stored in NFC, as the data are, so that searching the page finds them', () => {
    for (const text of vietnamese.values()) expect(text).toBe(text.normalize('NFC'));
  });
});
