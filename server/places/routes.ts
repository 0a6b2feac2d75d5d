import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { PlaceCollection } from '../../contract/places.ts';
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
import { countPlaces, readCategories, readPage, readPlace, readSummaries, type Summary } from './queries.ts';

// The outlines of 129 communes are 2.5 MB, of 3,321 some 65 MB.
const pageCacheBytes = 64_000_000;
const featureCacheBytes = 64_000_000;

/** Collections whose features are few and long. */
const outlined: ReadonlySet<PlaceCollection> = new Set(['communes', 'border-areas']);

type Parts = { db: Database; config: Pick<Config, 'baseUrl'>; clock: () => Date };
/** A body in pieces is sent without being copied together first. */
type Answer = { type: string; body: Buffer | readonly Buffer[] };

/** OGC API – Features at /ogc: the one reading API for places. Paths are listed as the standard lists them. */
export function ogcRoutes({ db, config, clock }: Parts): Route[] {
  const root = `${config.baseUrl}/ogc`;
  const api = openApiDocument(root);
  // What an answer says beside the data: a new release or base URL makes old entity tags void.
  const shape = createHash('sha256').update(JSON.stringify(api)).digest('base64url').slice(0, 12);

  /**
   * An answer that depends on the data alone. The tag is weak: answers of one version have one meaning, but each says in
   * `timeStamp` when it was made, so that their bytes differ.
   */
  const versioned =
    <Asked>(
      parse: (request: Request) => Asked,
      work: (
        asked: Asked,
        transaction: Transaction,
        dataVersion: number,
        request: Request,
      ) => Promise<Answer>,
    ): RequestHandler =>
    async (request, response) => {
      const asked = parse(request);
      const answer = await db.read(async (transaction) => {
        const dataVersion = await readDataVersion(transaction);
        const tag = `W/${entityTag(dataVersion, request, shape)}`;
        return answeredNotModified(request, response, tag)
          ? null
          : work(asked, transaction, dataVersion, request);
      });
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
    transaction: Transaction,
    dataVersion: number,
    collection: PlaceCollection,
    { boxes, interval, filters }: ItemsAsked,
  ): Promise<number> {
    const name = JSON.stringify([dataVersion, collection, boxes, interval, [...filters].sort()]);
    const known = counts.get(name);
    if (known !== undefined) return known;
    const count = await countPlaces(transaction, collection, { boxes, interval, filters });
    counts.set(name, count);
    return count;
  }

  let newest: { dataVersion: number; summaries: Summary[] } | undefined;
  async function summariesAt(transaction: Transaction, dataVersion: number): Promise<Summary[]> {
    if (newest?.dataVersion === dataVersion) return newest.summaries;
    const summaries = await readSummaries(transaction);
    newest = { dataVersion, summaries };
    return summaries;
  }

  const collections = versioned(refuseParameters, async (_, transaction, dataVersion) => {
    const summaries = await summariesAt(transaction, dataVersion);
    return jsonAnswer(json, {
      dataVersion,
      ...collectionsDocument(root, summaries, clock().toISOString()),
    });
  });

  const collection = versioned(collectionAlone, async (name, transaction, dataVersion) => {
    const summaries = await summariesAt(transaction, dataVersion);
    const summary = summaries.find((candidate) => candidate.collection === name)!;
    return jsonAnswer(json, { dataVersion, ...collectionDocument(root, summary) });
  });

  const queryables = versioned(collectionAlone, async (name, transaction) =>
    jsonAnswer(schemaJson, queryablesDocument(root, name, await readCategories(transaction))),
  );

  const schema: RequestHandler = (request, response, next) =>
    fixed(schemaJson, schemaDocument(root, collectionAlone(request)))(request, response, next);

  /** Pages as they were sent, by their entity tag, which names data version, address and what the asker may see. */
  const pages = new LRUCache<string, Buffer>({
    maxSize: pageCacheBytes,
    maxEntrySize: pageCacheBytes / 4,
    sizeCalculation: (body) => body.length,
  });

  const items = versioned(
    (request) => {
      const name = askedCollection(request);
      return { name, asked: askedItems(request, name) };
    },
    async ({ name, asked }, transaction, dataVersion, request) => {
      const page = entityTag(dataVersion, request, shape);
      const kept = pages.get(page);
      if (kept) return { type: geoJson, body: kept };
      const { numberMatched, features, simulated, next } =
        outlined.has(name) && !asked.properties && !asked.skipGeometry
          ? await known.page(transaction, dataVersion, name, asked)
          : await readWholePage(transaction, dataVersion, name, asked);
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
      const body = featureCollection(opening, features);
      // Boxes are ever new as a map is moved: their pages would only push the others out.
      if (asked.boxes) return { type: geoJson, body };
      const whole = Buffer.concat(body);
      pages.set(page, whole);
      return { type: geoJson, body: whole };
    },
  );

  const known = knownFeatures({ cacheBytes: featureCacheBytes });
  async function readWholePage(
    transaction: Transaction,
    dataVersion: number,
    name: PlaceCollection,
    asked: ItemsAsked,
  ): Promise<CountedPage> {
    const numberMatched = await matched(transaction, dataVersion, name, asked);
    const { features, ...page } = await readPage(transaction, name, asked);
    return { numberMatched, ...page, features: features.map(featureBytes) };
  }

  const feature = versioned(
    (request) => {
      const name = askedCollection(request);
      refuseParameters(request);
      return { name, ...askedFeature(request, name) };
    },
    async ({ name, key, missing }, transaction, dataVersion) => {
      const found = await readPlace(transaction, name, key);
      if (!found) throw missing;
      const self = `${root}/collections/${name}/items/${key}`;
      const links = JSON.stringify(pageLinks(root, name, self, null));
      const text = `${found.head}${found.geometry},"dataVersion":${dataVersion},"links":${links}}`;
      return { type: geoJson, body: Buffer.from(text) };
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

function collectionAlone(request: Request): PlaceCollection {
  const name = askedCollection(request);
  refuseParameters(request);
  return name;
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
