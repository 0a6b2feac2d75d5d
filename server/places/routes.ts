import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { isReference, readableCollections } from '../../contract/place-access.ts';
import type { PlaceCollection } from '../../contract/places.ts';
import { type Asker, askerOf } from '../access/asker.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../db/database.ts';
import { plainRoute, type Route } from '../http/route.ts';
import { answeredNotModified, entityTag, readDataVersion } from '../http/versioned.ts';
import { type CountedPage, featureBytes, knownFeatures } from './known-features.ts';
import {
  collectionDocument,
  collectionsDocument,
  conformanceDocument,
  geoJson,
  json,
  landingDocument,
  openApiJson,
  pageLinks,
  schemaJson,
} from './ogc-documents.ts';
import { openApiDocument, queryablesDocument, schemaDocument } from './ogc-openapi.ts';
import {
  askedCollection,
  askedFeature,
  askedItems,
  cursorAfter,
  type ItemsAsked,
  refuseParameters,
} from './ogc-requests.ts';
import { placeScope, refuseUnreadable, scopeOfCollections } from './place-scope.ts';
import { countPlaces, readCategories, readPage, readPlace, readSummaries, type Summary } from './queries.ts';

// The outlines of 129 communes are 2.5 MB, of 3,321 some 65 MB.
const pageCacheBytes = 64_000_000;
const featureCacheBytes = 64_000_000;

type Parts = { db: Database; config: Pick<Config, 'baseUrl'>; clock: () => Date };
/** A body in pieces is sent without being copied together first. `premises`: how many single premises are in it. */
type Answer = { type: string; body: Buffer | readonly Buffer[]; premises?: number };
/** Who asks, and what of places they see, in one transaction with their rights. */
type Reading = { transaction: Transaction; dataVersion: number; asker: Asker; scope: string; tag: string };

/** OGC API – Features at /ogc: the one reading API for places. Paths are listed as the standard lists them. */
export function ogcRoutes({ db, config, clock }: Parts): Route[] {
  const root = `${config.baseUrl}/ogc`;
  const api = openApiDocument(root);
  // What an answer says beside the data: a new release or base URL makes old entity tags void.
  const shape = createHash('sha256').update(JSON.stringify(api)).digest('base64url').slice(0, 12);

  /**
   * An answer that depends on the data and on what the asker sees. The tag is weak: answers of one version have one meaning,
   * but each says in `timeStamp` when it was made, so that their bytes differ.
   *
   * @param refuse throws where the asker may not ask of the collection; without it, whoever may not read its features.
   */
  const versioned =
    <Asked extends { name?: PlaceCollection }>(
      parse: (request: Request) => Asked,
      work: (asked: Asked, reading: Reading, request: Request) => Promise<Answer>,
      refuse: (asker: Asker, collection: PlaceCollection) => void = refuseUnreadable,
    ): RequestHandler =>
    async (request, response) => {
      const asked = parse(request);
      const asker = askerOf(request);
      if (asked.name) refuse(asker, asked.name);
      const scope = asked.name ? scopeOfCollections(asker, [asked.name]) : placeScope(asker);
      const { tag, answer } = await db.as(asker).read(async (transaction) => {
        const dataVersion = await readDataVersion(transaction);
        const strong = entityTag(dataVersion, request, `${scope} ${shape}`);
        const tag = `W/${strong}`;
        response.set('ETag', tag);
        if (request.fresh) {
          transaction.premisesLeft('not-modified');
          return { tag };
        }
        const answer = await work(asked, { transaction, dataVersion, asker, scope, tag: strong }, request);
        transaction.premisesLeft(answer.premises ?? 0);
        return { tag, answer };
      });
      // Only now: what the answer shows of premises is on the audit log once the transaction has ended.
      if (answeredNotModified(request, response, tag)) return;
      if (answer) send(response, answer);
    };

  /** An answer that depends on the code and the base URL alone. */
  const fixed = (type: string, document: object): RequestHandler => {
    const body = Buffer.from(JSON.stringify(document));
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`;
    return (request, response) => {
      refuseParameters(request);
      if (!answeredNotModified(request, response, tag)) send(response, { type, body });
    };
  };

  const counts = new LRUCache<string, number>({ max: 1000 });
  /** Counting 100,000 rows takes 8 ms, more than a page of them; pages of one walk share the count. */
  async function matched(
    { transaction, dataVersion, asker, scope }: Reading,
    collection: PlaceCollection,
    { boxes, interval, filters }: ItemsAsked,
  ): Promise<number> {
    const name = JSON.stringify([dataVersion, scope, collection, boxes, interval, [...filters].sort()]);
    const known = counts.get(name);
    if (known !== undefined) return known;
    const count = await countPlaces(transaction, asker.role, collection, { boxes, interval, filters });
    counts.set(name, count);
    return count;
  }

  const summaries = new LRUCache<string, Summary[]>({ max: 300 });
  async function summariesFor({ transaction, dataVersion, asker }: Reading): Promise<Summary[]> {
    const name = `${dataVersion} ${placeScope(asker)}`;
    const known = summaries.get(name);
    if (known) return known;
    const read = await readSummaries(transaction, asker.role, readableCollections(asker.role));
    summaries.set(name, read);
    return read;
  }

  const collections = versioned(withoutCollection, async (_, reading) => {
    const { dataVersion } = reading;
    const document = collectionsDocument(root, await summariesFor(reading), clock().toISOString());
    return jsonAnswer(json, { dataVersion, ...document });
  });

  const collection = versioned(collectionAlone, async ({ name }, reading) => {
    const summary = (await summariesFor(reading)).find((candidate) => candidate.collection === name)!;
    return jsonAnswer(json, { dataVersion: reading.dataVersion, ...collectionDocument(root, summary) });
  });

  // What one may filter by and what a feature holds say nothing of the data: they are for everybody who is signed in.
  const queryables = versioned(
    collectionAlone,
    async ({ name }, { transaction }) =>
      jsonAnswer(schemaJson, queryablesDocument(root, name, await readCategories(transaction))),
    () => {},
  );

  const schema: RequestHandler = (request, response, next) =>
    fixed(schemaJson, schemaDocument(root, collectionAlone(request).name))(request, response, next);

  /** Pages as they were sent, by their entity tag, which names data version, address and what the asker may see. */
  const pages = new LRUCache<string, { body: Buffer; premises: number }>({
    maxSize: pageCacheBytes,
    maxEntrySize: pageCacheBytes / 4,
    sizeCalculation: ({ body }) => body.length,
  });

  const items = versioned(
    (request) => {
      const name = askedCollection(request);
      return { name, asked: askedItems(request, name) };
    },
    async ({ name, asked }, reading, request) => {
      const { transaction, dataVersion, asker, tag } = reading;
      const kept = pages.get(tag);
      if (kept) return { type: geoJson, ...kept };
      const { numberMatched, features, simulated, next } =
        isReference(name) && !asked.properties && !asked.skipGeometry
          ? await known.page(transaction, asker.role, dataVersion, name, asked)
          : await readWholePage(reading, name, asked);
      const address = `${root}/collections/${name}/items`;
      const opening = JSON.stringify({
        type: 'FeatureCollection',
        numberMatched,
        numberReturned: features.length,
        timeStamp: clock().toISOString(),
        dataVersion,
        simulated,
        links: pageLinks(
          root,
          name,
          withQuery(address, request, {}),
          next === null ? null : withQuery(address, request, { cursor: cursorAfter(next) }),
        ),
      });
      const premises = name === 'establishments' ? features.length : 0;
      const body = featureCollection(opening, features);
      // Boxes are ever new as a map is moved: their pages would only push the others out.
      if (asked.boxes) return { type: geoJson, body, premises };
      const whole = Buffer.concat(body);
      pages.set(tag, { body: whole, premises });
      return { type: geoJson, body: whole, premises };
    },
  );

  const known = knownFeatures({ cacheBytes: featureCacheBytes });
  async function readWholePage(
    reading: Reading,
    name: PlaceCollection,
    asked: ItemsAsked,
  ): Promise<CountedPage> {
    const numberMatched = await matched(reading, name, asked);
    const { features, ...page } = await readPage(reading.transaction, reading.asker.role, name, asked);
    return { numberMatched, ...page, features: features.map(featureBytes) };
  }

  const feature = versioned(
    (request) => {
      const name = askedCollection(request);
      refuseParameters(request);
      return { name, ...askedFeature(request, name) };
    },
    async ({ name, key, missing }, { transaction, dataVersion, asker }) => {
      const found = await readPlace(transaction, asker.role, name, key);
      if (!found) throw missing;
      const self = `${root}/collections/${name}/items/${key}`;
      const links = JSON.stringify(pageLinks(root, name, self, null));
      const text = `${found.head}${found.geometry},"dataVersion":${dataVersion},"links":${links}}`;
      const premises = name === 'establishments' ? 1 : 0;
      return { type: geoJson, body: Buffer.from(text), premises };
    },
  );

  return [
    plainRoute('/ogc', fixed(json, landingDocument(root))),
    plainRoute('/ogc/conformance', fixed(json, conformanceDocument)),
    plainRoute('/ogc/api', fixed(openApiJson, api)),
    plainRoute('/ogc/collections', collections),
    plainRoute('/ogc/collections/:collectionId', collection),
    plainRoute('/ogc/collections/:collectionId/queryables', queryables),
    plainRoute('/ogc/collections/:collectionId/schema', schema),
    plainRoute('/ogc/collections/:collectionId/items', items),
    plainRoute('/ogc/collections/:collectionId/items/:featureId', feature),
  ];
}

const jsonAnswer = (type: string, document: object): Answer => ({
  type,
  body: Buffer.from(JSON.stringify(document)),
});

function send(response: Response, { type, body }: Answer): void {
  const pieces = Buffer.isBuffer(body) ? [body] : body;
  // set by hand: Express would add a charset, which these types do not have
  response.setHeader('Content-Type', type);
  response.setHeader(
    'Content-Length',
    pieces.reduce((bytes, piece) => bytes + piece.length, 0),
  );
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
}

function withoutCollection(request: Request): { name?: PlaceCollection } {
  refuseParameters(request);
  return {};
}

function collectionAlone(request: Request): { name: PlaceCollection } {
  const name = askedCollection(request);
  refuseParameters(request);
  return { name };
}

function withQuery(address: string, request: Request, change: Record<string, string>): string {
  const query = new URLSearchParams({ ...(request.query as Record<string, string>), ...change });
  return query.size ? `${address}?${query}` : address;
}

/** A page's bytes; the features' own are not copied. */
function featureCollection(opening: string, features: readonly Buffer[]): Buffer[] {
  const pieces: Buffer[] = [Buffer.from(`${opening.slice(0, -1)},"features":[`)];
  features.forEach((feature, index) => {
    if (index > 0) pieces.push(comma);
    pieces.push(feature);
  });
  pieces.push(closing);
  return pieces;
}
const comma = Buffer.from(',');
const closing = Buffer.from(']}');
