import type { RequestHandler } from 'express';
import { type TileJson, tileJson, tileLayers, tileMaxZoom } from '../../contract/tiles.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { plainRoute, type Route } from '../http/route.ts';
import { answeredNotModified, entityTag, readDataVersion } from '../http/versioned.ts';
import { readExtent, tileForm } from './queries.ts';
import type { RememberedAnswers } from './remembered-answers.ts';
import { askedTile, askedTileJson } from './tile-address.ts';
import type { TileEncoding, TileSource } from './tile-source.ts';

type Parts = {
  db: Database;
  config: Pick<Config, 'baseUrl' | 'checkResponses'>;
  source: TileSource;
  answers: RememberedAnswers;
};

/** Mapbox Vector Tiles and their TileJSON, of one collection or several joined by commas. */
export function tileRoutes({ db, config, source, answers }: Parts): Route[] {
  return [
    plainRoute('/tiles/:collections/:z/:x/:file', tileHandler(source, answers)),
    plainRoute('/tiles/:file', tileJsonHandler(db, config)),
  ];
}

// A release that makes other tiles of the same data must not be answered "not modified".
const form = tileForm();

const tileHandler =
  (source: TileSource, answers: RememberedAnswers): RequestHandler =>
  async (request, response) => {
    const { collections, z, x, file } = request.params as Record<string, string>;
    const address = askedTile({ collections: collections!, z: z!, x: x!, file: file! });
    const encoding = acceptedEncoding(request);
    // Each encoding is bytes of its own, so that a strong tag names it. All askers see the same so far.
    const tag = (version: number) => entityTag(version, request, `all ${form} ${encoding}`);
    const version = await source.dataVersion();
    response.vary('Accept-Encoding');
    if (answeredNotModified(request, response, tag(version))) return;

    const made = await source.tile(address, encoding);
    const { dataVersion, body } = made;
    if (dataVersion !== version) response.set('ETag', tag(dataVersion));
    if (body.byteLength === 0) {
      response.status(204);
    } else {
      response.set('Content-Type', 'application/vnd.mapbox-vector-tile');
      if (encoding !== 'identity') response.set('Content-Encoding', encoding);
      response.set('Content-Length', String(body.byteLength));
    }
    answers.remember(request, response, made);
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
    await db.read(async (transaction) => {
      const dataVersion = await readDataVersion(transaction);
      if (answeredNotModified(request, response, entityTag(dataVersion, request, form))) return;
      const { west, south, east, north, simulated } = await readExtent(transaction, collections);
      const layers = collections.flatMap((collection) => tileLayers[collection]);
      const document: TileJson = {
        tilejson: '3.0.0',
        name: `Địa bàn: ${collections.join(', ')}`,
        version: '1.0.0',
        scheme: 'xyz',
        tiles: [`${config.baseUrl}/tiles/${collections.join(',')}/{z}/{x}/{y}.mvt`],
        minzoom: 0,
        maxzoom: tileMaxZoom,
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
