import { type ItemsAsked, itemsAddress, type PlaceFeature, placeItems } from '../../contract/ogc.ts';
import type { PlaceCollection } from '../../contract/places.ts';
import { readJson } from '../api/call.ts';

type Page<Name extends PlaceCollection> = {
  numberMatched: number;
  simulated: boolean;
  links: { rel: string; href: string }[];
  features: PlaceFeature<Name>[];
};

export async function readPlacesPage<Name extends PlaceCollection>(
  collection: Name,
  address: string,
  signal?: AbortSignal,
): Promise<Page<Name>> {
  const body = await readJson(address, signal);
  return (import.meta.env.DEV ? placeItems(collection).parse(body) : body) as Page<Name>;
}

/** Every place that is asked for, page after page. */
export async function readPlaces<Name extends PlaceCollection>(
  collection: Name,
  asked: ItemsAsked<Name>,
  signal?: AbortSignal,
): Promise<{ features: PlaceFeature<Name>[]; simulated: boolean }> {
  const features: PlaceFeature<Name>[] = [];
  let simulated = false;
  let address: string | null = itemsAddress(collection, asked);
  while (address) {
    const page: Page<Name> = await readPlacesPage(collection, address, signal);
    features.push(...page.features);
    simulated ||= page.simulated;
    address = nextAddress(page.links);
  }
  return { features, simulated };
}

/**
 * Where the next page is, on this host: links carry the server's configured address, which may be another name of it
 * than the one in the browser (localhost, 127.0.0.1, a proxy), and the page may only ask the host that it came from.
 */
export function nextAddress(links: readonly { rel: string; href: string }[]): string | null {
  const next = links.find(({ rel }) => rel === 'next');
  if (!next) return null;
  const { pathname, search } = new URL(next.href);
  return pathname.slice(Math.max(0, pathname.indexOf('/ogc/'))) + search;
}
