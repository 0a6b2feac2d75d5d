import type { RequestHandler } from 'express';
import { tileLayersFor, tileMaxZoomFor } from '../../contract/place-access.ts';
import { type TileJson, tileJson } from '../../contract/tiles.ts';
import { askerOf } from '../access/asker.ts';
import type { PremisesReadingLog } from '../audit/premises-reading-log.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { plainRoute, type Route } from '../http/route.ts';
import { answeredNotModified, entityTag, readDataVersion } from '../http/versioned.ts';
import { refuseUnseen, scopeOfCollections } from '../places/place-scope.ts';
import { readExtent, showsPremises, tileForm } from './queries.ts';
import type { RememberedAnswers } from './remembered-answers.ts';
import { askedTile, askedTileJson } from './tile-address.ts';
import { tilePath, tileReading } from './tile-reading.ts';
import type { TileEncoding, TileSource } from './tile-source.ts';

type Parts = {
  db: Database;
  config: Pick<Config, 'baseUrl' | 'checkResponses'>;
  source: TileSource;
  answers: RememberedAnswers;
  readings: PremisesReadingLog;
};

/** Mapbox Vector Tiles and their TileJSON, of one collection or several joined by commas. */
export function tileRoutes({ db, config, source, answers, readings }: Parts): Route[] {
  return [
    plainRoute(tilePath, tileHandler(source, answers, readings)),
    plainRoute('/tiles/:file', tileJsonHandler(db, config)),
  ];
}

// A release that makes other tiles of the same data must not be answered "not modified".
const form = tileForm();

const tileHandler =
  (source: TileSource, answers: RememberedAnswers, readings: PremisesReadingLog): RequestHandler =>
  async (request, response) => {
    const { collections, z, x, file } = request.params as Record<string, string>;
    const address = askedTile({ collections: collections!, z: z!, x: x!, file: file! });
    const asker = askerOf(request);
    refuseUnseen(asker, address.collections, { zoom: address.z });
    const encoding = acceptedEncoding(request);
    // Each encoding is bytes of its own, so that a strong tag names it.
    const scope = scopeOfCollections(asker, address.collections);
    const tag = (version: number) => entityTag(version, request, `${scope} ${form} ${encoding}`);
    const version = await source.dataVersion();
    response.vary('Accept-Encoding');
    // A browser's copy may have been another account's: to say that it still holds is to let it be read.
    response.set('ETag', tag(version));
    if (showsPremises(address) && request.fresh)
      await readings.logged(asker, tileReading(address, 'not-modified'));
    if (answeredNotModified(request, response, tag(version))) return;

    const { made, logged } = await source.tile(address, encoding, asker);
    const { dataVersion, body, premises } = made;
    if (premises > 0 && !logged) await readings.logged(asker, tileReading(address, premises));
    if (dataVersion !== version) response.set('ETag', tag(dataVersion));
    if (body.byteLength === 0) {
      response.status(204);
    } else {
      response.set('Content-Type', 'application/vnd.mapbox-vector-tile');
      if (encoding !== 'identity') response.set('Content-Encoding', encoding);
      response.set('Content-Length', String(body.byteLength));
    }
    answers.remember(request, response, { made, asker, address });
    response.end(body);
  };

/** The best that the asker takes. One who names none gets the bytes as they are. */
function acceptedEncoding(request: { acceptsEncodings(): string[] }): TileEncoding {
  const accepted = request.acceptsEncodings();
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : 'identity';
}

const tileJsonHandler =
  (db: Database, config: Parts['config']): RequestHandler =>
  async (request, response) => {
    const collections = askedTileJson(String(request.params.file));
    const asker = askerOf(request);
    refuseUnseen(asker, collections);
    const { role } = asker;
    await db.as(asker).read(async (transaction) => {
      const dataVersion = await readDataVersion(transaction);
      const scope = scopeOfCollections(asker, collections);
      if (answeredNotModified(request, response, entityTag(dataVersion, request, `${scope} ${form}`))) return;
      const { west, south, east, north, simulated } = await readExtent(transaction, collections, role);
      const layers = collections.flatMap((collection) => tileLayersFor(role, collection));
      const document: TileJson = {
        tilejson: '3.0.0',
        name: `Địa bàn: ${collections.join(', ')}`,
        version: '1.0.0',
        scheme: 'xyz',
        tiles: [`${config.baseUrl}/tiles/${collections.join(',')}/{z}/{x}/{y}.mvt`],
        minzoom: 0,
        // of several collections as far as each of them goes
        maxzoom: Math.min(...collections.map((collection) => tileMaxZoomFor(role, collection))),
        ...(west !== null && south !== null && east !== null && north !== null
          ? { bounds: [west, south, east, north], center: [(west + east) / 2, (south + north) / 2, 9] }
          : {}),
        vector_layers: layers.map((layer) => ({ ...layer })),
        dataVersion,
        simulated,
      };
      if (config.checkResponses) tileJson.parse(document);
      response.json(document);
    });
  };
