import { crs84 } from '../../contract/ogc.ts';
import { type OgcCollection, ogcCollections } from '../../contract/ogc-collections.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import type { Summary } from './queries.ts';

// The documents about the data, as OGC API – Features Part 1 (OGC 17-069r4) shapes them. `root` is the absolute
// address of /ogc: QGIS needs absolute links, and the Host header is the asker's to write.

export type Link = { href: string; rel: string; type: string; title?: string };

export const json = 'application/json';
export const geoJson = 'application/geo+json';
export const openApiJson = 'application/vnd.oai.openapi+json;version=3.0';
export const schemaJson = 'application/schema+json';

const queryablesRelation = 'http://www.opengis.net/def/rel/ogc/1.0/queryables';

export const conformanceDocument = {
  conformsTo: [
    'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
    'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
    'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
    'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables',
    'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters',
  ],
};

export const landingDocument = (root: string) => ({
  title: 'Địa bàn',
  description:
    'Places of the prevention programme of a province: communes, border areas, industrial parks, dormitories, schools and establishments. Places, never persons.',
  links: [
    { href: root, rel: 'self', type: json, title: 'This page' },
    {
      href: `${root}/api`,
      rel: 'service-desc',
      type: openApiJson,
      title: 'What the API answers (OpenAPI 3.0)',
    },
    { href: `${root}/conformance`, rel: 'conformance', type: json, title: 'Standards that it keeps' },
    { href: `${root}/collections`, rel: 'data', type: json, title: 'The collections of places' },
  ] satisfies Link[],
});

export function collectionDocument(root: string, summary: Summary) {
  const { collection, box, first_day: firstDay, count, simulated } = summary;
  const { title, description, period }: OgcCollection = ogcCollections[collection];
  const address = `${root}/collections/${collection}`;
  return {
    id: collection,
    title,
    description,
    itemType: 'feature',
    crs: [crs84],
    extent: {
      ...(box ? { spatial: { bbox: [box], crs: crs84 } } : {}),
      // open at its end: most establishments are in business with no last day
      ...(period && firstDay
        ? {
            temporal: {
              interval: [[`${firstDay}T00:00:00+07:00`, null]],
              trs: 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian',
            },
          }
        : {}),
    },
    itemCount: count,
    simulated,
    links: [
      { href: address, rel: 'self', type: json, title: 'This collection' },
      { href: `${address}/items`, rel: 'items', type: geoJson, title },
      {
        href: `${address}/queryables`,
        rel: queryablesRelation,
        type: schemaJson,
        title: 'What to filter by',
      },
      // GDAL reads the types of fields here instead of guessing them from 10 features, if the B is a capital
      { href: `${address}/schema`, rel: 'describedBy', type: schemaJson, title: 'What a feature holds' },
      { href: `${root}/collections`, rel: 'parent', type: json, title: 'All collections' },
      { href: root, rel: 'root', type: json, title: 'The API' },
    ] satisfies Link[],
  };
}

export const collectionsDocument = (root: string, summaries: readonly Summary[], timeStamp: string) => ({
  timeStamp,
  simulated: summaries.some(({ simulated }) => simulated),
  links: [
    { href: `${root}/collections`, rel: 'self', type: json, title: 'This page' },
    { href: root, rel: 'root', type: json, title: 'The API' },
  ] satisfies Link[],
  // only those that the asker may read
  collections: placeCollections.flatMap((name) => {
    const summary = summaries.find(({ collection }) => collection === name);
    return summary ? [collectionDocument(root, summary)] : [];
  }),
});

export function pageLinks(
  root: string,
  collection: PlaceCollection,
  self: string,
  next: string | null,
): Link[] {
  const address = `${root}/collections/${collection}`;
  return [
    { href: self, rel: 'self', type: geoJson, title: 'This page' },
    ...(next ? [{ href: next, rel: 'next', type: geoJson, title: 'The next page' }] : []),
    { href: address, rel: 'collection', type: json, title: ogcCollections[collection].title },
  ];
}
