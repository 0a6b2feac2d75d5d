import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Asker } from '../access/asker.ts';
import type { PremisesReadingLog } from '../audit/premises-reading-log.ts';
import { placeScope } from '../places/place-scope.ts';
import type { TileAddress } from './tile-address.ts';
import { tileReading } from './tile-reading.ts';
import type { MadeTile, TileSource } from './tile-source.ts';

type Answer = Pick<MadeTile, 'dataVersion' | 'key' | 'premises'> & {
  address: TileAddress;
  tag: string;
  status: number;
  /** Name, value, name, value … as `writeHead` takes them. */
  headers: string[];
  headersNotModified: string[];
};

export type AnswerToRemember = { made: MadeTile; asker: Asker; address: TileAddress };
export type RememberedAnswers = {
  /** Keeps what is about to be sent, headers of all middleware included, for who sees the same as the asker. */
  remember(request: IncomingMessage, response: ServerResponse, answer: AnswerToRemember): void;
  /**
   * Answers once more what it remembers; false, and nothing done, for all else. `wholeWay` is gone where a reading of premises
   * could not be written down.
   */
  answered(request: IncomingMessage, response: ServerResponse, wholeWay: () => void): boolean;
};

type Parts = {
  source: Pick<TileSource, 'dataVersionNow' | 'kept'>;
  /** Who asks, where that is known without waiting. */
  known: (request: IncomingMessage) => Asker | undefined;
  readings: PremisesReadingLog;
};

// Some 400 bytes each besides the tile, which the source's own cache keeps and lets go.
const rememberedMost = 10_000;
const ofBodies = new Set(['content-type', 'content-length', 'content-encoding']);
/** Of the request that was answered, and not of who asks next. */
const ofOneAnswer = /^(x-)?ratelimit|^date$/;

/**
 * Tiles again, word for word, ahead of Express: its routing and middleware take three quarters of a cached tile's time
 * (5,000 tiles/s through it; a bare node:http server with the same bytes gave 25,000 in the same run).
 *
 * What is given again is only ever what somebody who sees the same got by the whole way, at the data version that is
 * believed now. Who is not known without waiting goes the whole way, and so does every question that needs thought (HEAD,
 * lists of tags, "no-cache"). Where a tile shows single premises the line of the audit log goes ahead of it.
 */
export function rememberAnswers({ source, known, readings }: Parts): RememberedAnswers {
  const answers = new LRUCache<string, Answer>({ max: rememberedMost });
  const name = ({ url, headers }: IncomingMessage, asker: Asker) =>
    `${placeScope(asker)}\n${url}\n${headers['accept-encoding']}\n${headers.accept}`;

  return {
    remember(request, response, { made: { dataVersion, key, premises }, asker, address }) {
      if (request.method !== 'GET' || !source.kept(key)) return;
      const tag = response.getHeader('ETag');
      if (typeof tag !== 'string' || response.hasHeader('Set-Cookie')) return;
      const headers = Object.entries(response.getHeaders())
        .filter(([header]) => !ofOneAnswer.test(header))
        .map(([header, value]) => [header, String(value)]);
      answers.set(name(request, asker), {
        dataVersion,
        key,
        premises,
        address,
        tag,
        status: response.statusCode,
        headers: headers.flat() as string[],
        headersNotModified: headers.filter(([header]) => !ofBodies.has(header!)).flat() as string[],
      });
    },

    answered(request, response, wholeWay) {
      if (request.method !== 'GET' || !request.url?.startsWith('/tiles/')) return false;
      const asker = known(request);
      if (!asker) return false;
      const answer = answers.get(name(request, asker));
      if (!answer || answer.dataVersion !== source.dataVersionNow()) return false;
      const { headers } = request;
      const held = headers['if-none-match'];
      if (held !== undefined && (held !== answer.tag || headers['cache-control'] !== undefined)) return false;
      const tile =
        held === undefined && headers['if-modified-since'] === undefined
          ? source.kept(answer.key)
          : undefined;
      if (held === undefined && !tile) return false;

      const give = () => {
        if (tile) response.writeHead(answer.status, answer.headers).end(tile.body);
        else response.writeHead(304, answer.headersNotModified).end();
      };
      if (answer.premises === 0) give();
      else
        readings
          .logged(asker, tileReading(answer.address, tile ? answer.premises : 'not-modified'))
          .then(give, wholeWay);
      return true;
    },
  };
}
