import type { IncomingMessage, RequestListener } from 'node:http';
import express from 'express';
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
import type { AccessConfig } from './access/identification.ts';
import { accessRoutes } from './access/routes.ts';
import { sameOriginOnly } from './access/same-origin.ts';
import { activityRoutes } from './activities/routes.ts';
import { createPremisesReadingLog } from './audit/premises-reading-log.ts';
import { auditRoutes } from './audit/routes.ts';
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
import { countingIdentify, type Guards, guardRequests, withKnownHost } from './http/guards.ts';
import { notFound, problems } from './http/problem.ts';
import { requestLog } from './http/request-log.ts';
import { mount, route } from './http/route.ts';
import { securityHeaders } from './http/security-headers.ts';
import { ogcRoutes } from './places/routes.ts';
import { rememberAnswers } from './tiles/remembered-answers.ts';
import { tileRoutes } from './tiles/routes.ts';
import { openTileSource, type TileSource } from './tiles/tile-source.ts';

export type AppParts = {
  db: Database;
  config: AccessConfig & Pick<Config, 'checkResponses'> & Partial<Pick<Config, 'chromium' | 'singleSignOn'>>;
  /** The time now; tests give their own. */
  clock: () => Date;
  log: Logger;
  /** Threads for long analyses. */
  pool: AnalysisPool;
  /** Tells who asks. */
  identify: Identify;
  /** The same where it is known without waiting. */
  known?: (request: IncomingMessage) => Asker | undefined;
  /** Lets go of what is believed of who asks. */
  forget?: () => void;
  /** Where tiles come from, when it is shared with who warms it; one of its own otherwise. */
  tiles?: TileSource;
  /** The folder of the built client; none when only the API is served. */
  clientFolder?: string;
  /** Known hosts, rate limits and the end of a request's time; none where only what is answered is tested. */
  guards?: Guards;
};

export function createApp(parts: AppParts): RequestListener {
  const { db, config, clock, log, pool, identify, tiles, clientFolder, guards } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(requestLog(log));
  app.use(securityHeaders(config.baseUrl));
  guardRequests(app, guards);
  app.use(sameOriginOnly(config.baseUrl));

  const { checkResponses } = config;
  const source = tiles ?? openTileSource(db);
  const readings = createPremisesReadingLog({ db });
  const answers = rememberAnswers({ source, known: parts.known ?? (() => undefined), readings });
  const analysis = { db, clock, pool, cache: createAnalysisCache(), checkResponses };
  // Who may ask where: contract/access-policy.ts, a line for each of these.
  const routes = [
    route(healthEndpoint, health(db), { checkResponses }),
    ...accessRoutes({ db, config, log, forget: parts.forget ?? (() => {}) }),
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
    ...auditRoutes({ db, checkResponses }),
    ...ogcRoutes({ db, config, clock }),
    ...tileRoutes({ db, config, source, answers, readings }),
  ];
  mount(app, routes, countingIdentify(identify, guards));

  if (clientFolder) app.use(clientFiles(clientFolder));
  app.use(notFound);
  app.use(problems(log));
  // Where every request is logged, each goes the whole way.
  if (log.isLevelEnabled('debug')) return withKnownHost(app, guards);
  return withKnownHost((request, response) => {
    const wholeWay = () => app(request, response);
    if (!answers.answered(request, response, wholeWay)) wholeWay();
  }, guards);
}
