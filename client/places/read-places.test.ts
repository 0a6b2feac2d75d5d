import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextAddress, readPlaces } from './read-places.ts';

afterEach(() => vi.unstubAllGlobals());

describe('reading places', () => {
  it('follows the pages on the host of the page, whatever host their links name', async () => {
    const feature = (id: number) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Point', coordinates: [105.9, 20.2] },
      properties: {
        reference: `T${id}`,
        name: 'Trường',
        kind: 'vocational',
        commune_code: '13285',
        commune_name: 'Phủ Lý',
        students: null,
        simulated: id === 2,
      },
    });
    const page = (id: number, next: string | null) => ({
      type: 'FeatureCollection',
      numberMatched: 2,
      numberReturned: 1,
      timeStamp: '2026-11-01T00:00:00Z',
      dataVersion: 1,
      simulated: id === 2,
      links: next ? [{ rel: 'next', type: 'application/geo+json', href: next }] : [],
      features: [feature(id)],
    });
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return Response.json(
        address.includes('cursor')
          ? page(2, null)
          : page(1, 'http://diaban.test/ogc/collections/schools/items?cursor=1'),
      );
    });
    const { features, simulated } = await readPlaces('schools', { commune_code: '13285' });
    expect(features.map(({ id }) => id)).toEqual([1, 2]);
    expect(simulated).toBe(true);
    expect(asked).toEqual([
      '/ogc/collections/schools/items?commune_code=13285',
      '/ogc/collections/schools/items?cursor=1',
    ]);
  });

  it('ends where there is no next page', () => {
    expect(nextAddress([{ rel: 'self', href: 'http://diaban.test/ogc' }])).toBeNull();
  });
});
