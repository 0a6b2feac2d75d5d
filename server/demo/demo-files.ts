import { readFileSync } from 'node:fs';
import { type CommuneFact, parseCommuneFacts } from './facts.ts';
import { type ParkFact, parseParkFacts } from './industrial-parks.ts';
import type { Outlines } from './outlines.ts';
import { parseSurroundings, type SurroundingSite } from './surroundings.ts';

const folder = new URL('../../gis-data/', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

/** Where the outlines that `diaban demo outlines` makes are kept. */
export const outlineFiles = {
  communes: new URL('demo/communes.geojson', folder),
  neighbours: new URL('demo/neighbours.geojson', folder),
} as const;

export const readCommuneFacts = (): CommuneFact[] => parseCommuneFacts(textOf('ninh-binh/communes.csv'));
export const readParkFacts = (): ParkFact[] =>
  parseParkFacts(textOf('ninh-binh/industrial-parks-partial.csv'));
export const readSurroundings = (): SurroundingSite[] => parseSurroundings(textOf('demo/surroundings.csv'));
export const readOutlines = (which: keyof typeof outlineFiles): Outlines =>
  JSON.parse(readFileSync(outlineFiles[which], 'utf8'));
