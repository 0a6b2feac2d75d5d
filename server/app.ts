import type { IncomingMessage, RequestListener } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { equityEndpoint } from '../contract/coverage-equity.ts';
import { inspectionCoverageEndpoint, neverInspectedEndpoint } from '../contract/coverage-inspections.ts';
import { healthEndpoint } from '../contract/health.ts';
import {
  densityEndpoint,
  localEndpoint,
  relativeRiskEndpoint,
  scanEndpoint,
  trendEndpoint,
} from '../contract/hotspots.ts';
import type { Asker, Identify } from './access/asker.ts';
import { activityRoutes } from './activities/routes.ts';
import { createPremisesReadingLog } from './audit/premises-reading-log.ts';
import type { Config } from './config.ts';
import { equityRoute } from './coverage/equity/routes.ts';
import { indicatorsAnswer } from './coverage/indicators/answer.ts';
import { indicatorRoutes } from './coverage/indicators/routes.ts';
import { inspectionCoverageRoute, neverInspectedRoute } from './coverage/inspections/routes.ts';
import { coverageReachRoutes } from './coverage/reach/routes.ts';
import { reportRoute } from './coverage/report/routes.ts';
import type { Database } from './db/database.ts';
import { health } from './health/routes.ts';
import type { AnalysisPool } from './hotspots/analysis-pool.ts';
import { analysisRoute, createAnalysisCache } from './hotspots/analysis-route.ts';
import {
  prepareDensity,
  prepareLocal,
  prepareRelativeRisk,
  prepareScan,
  prepareTrend,
} from './hotspots/routes.ts';
import { clientFiles } from './http/client-files.ts';
import { notFound, problems } from './http/problem.ts';
import { requestLog } from './http/request-log.ts';
import { mount, route } from './http/route.ts';
import { ogcRoutes } from './places/routes.ts';
import { rememberAnswers } from './tiles/remembered-answers.ts';
import { tileRoutes } from './tiles/routes.ts';
import { openTileSource, type TileSource } from './tiles/tile-source.ts';

export type AppParts = {
  db: Database;
  config: Pick<Config, 'baseUrl' | 'checkResponses'> & Partial<Pick<Config, 'chromium'>>;
  /** The time now; tests give their own. */
  clock: () => Date;
  log: Logger;
  /** Threads for long analyses. */
  pool: AnalysisPool;
  /** Tells who asks. */
  identify: Identify;
  /** The same where it is known without waiting. */
  known?: (request: IncomingMessage) => Asker | undefined;
  /** Where tiles come from, when it is shared with who warms it; one of its own otherwise. */
  tiles?: TileSource;
  /** The folder of the built client; none when only the API is served. */
  clientFolder?: string;
};

export function createApp(parts: AppParts): RequestListener {
  const { db, config, clock, log, pool, identify, tiles, clientFolder } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(requestLog(log));
  app.use(securityHeaders);

  const { checkResponses } = config;
  const source = tiles ?? openTileSource(db);
  const readings = createPremisesReadingLog({ db });
  const answers = rememberAnswers({ source, known: parts.known ?? (() => undefined), readings });
  const analysis = { db, clock, pool, cache: createAnalysisCache(), checkResponses };
  // Who may ask where: contract/access-policy.ts, a line for each of these.
  const routes = [
    route(healthEndpoint, health(db), { checkResponses }),
    ...indicatorRoutes({ db, clock, checkResponses }),
    route(inspectionCoverageEndpoint, inspectionCoverageRoute(db, clock), { checkResponses }),
    route(neverInspectedEndpoint, neverInspectedRoute(db, clock), { checkResponses }),
    route(equityEndpoint, equityRoute(db, clock), { checkResponses }),
    ...coverageReachRoutes({ db, clock, checkResponses }),
    analysisRoute(densityEndpoint, analysis, prepareDensity(clock)),
    analysisRoute(relativeRiskEndpoint, analysis, prepareRelativeRisk(clock)),
    analysisRoute(localEndpoint, analysis, prepareLocal(clock)),
    analysisRoute(scanEndpoint, analysis, prepareScan(clock)),
    analysisRoute(trendEndpoint, analysis, prepareTrend(clock)),
    reportRoute({ db, config, clock, pool, readIndicators: indicatorsAnswer }),
    ...activityRoutes({ db, clock, checkResponses }),
    ...ogcRoutes({ db, config, clock }),
    ...tileRoutes({ db, config, source, answers, readings }),
  ];
  mount(app, routes, identify);

  if (clientFolder) app.use(clientFiles(clientFolder));
  app.use(notFound);
  app.use(problems(log));
  // Where every request is logged, each goes the whole way.
  if (log.isLevelEnabled('debug')) return app;
  return (request, response) => {
    const wholeWay = () => app(request, response);
    if (!answers.answered(request, response, wholeWay)) wholeWay();
  };
}

// Nothing is fetched from another host: no CDN, tiles, fonts or glyphs. MapLibre draws in a worker served from here and
// makes images from blobs; Mantine and MapLibre set style attributes.
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // The intranet's own server is asked over plain HTTP unless a proxy in front speaks TLS and sets this itself.
  strictTransportSecurity: false,
  crossOriginEmbedderPolicy: false,
});
