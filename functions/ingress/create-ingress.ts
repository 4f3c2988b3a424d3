import { OpenAPIHono } from '@hono/zod-openapi';
import { type Application, createHttpMetrics, createRateLimit } from '#shared/http';
import { createMetrics } from '#shared/telemetry';
import { createAuthenticate } from './authenticate.ts';
import type { HonoEnv, IngressOptions } from './environment.ts';
import { mountRoutes } from './mount-routes.ts';
import { createDocument } from './openapi/document.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { stepsOfFlow } from './pipelines/flow-steps.ts';
import { createPipelineReader } from './pipelines/pipeline-reader.ts';
import { createStartPipeline } from './pipelines/start-pipeline.ts';
import { requestScope } from './request-scope.ts';
import { cancelPipelineRoute } from './routes/cancel-pipeline.ts';
import { createPipelineRoute } from './routes/create-pipeline.ts';
import { deletePipelineRoute } from './routes/delete-pipeline.ts';
import { downloadArtifactRoute, downloadPartArtifactRoute } from './routes/download-artifact.ts';
import { healthRoute } from './routes/health.ts';
import { listPipelinesRoute } from './routes/list-pipelines.ts';
import { metricsRoute } from './routes/metrics.ts';
import { openApiDocumentRoute } from './routes/openapi-document.ts';
import { orchestratorRetryRoute } from './routes/orchestrator-retry.ts';
import { orchestratorStartRoute } from './routes/orchestrator-start.ts';
import { orchestratorStatusRoute } from './routes/orchestrator-status.ts';
import { publishedKeysRoute } from './routes/published-keys.ts';
import { readPipelineRoute } from './routes/read-pipeline.ts';
import { readStepRoute } from './routes/read-step.ts';
import { readyRoute } from './routes/ready.ts';
import { streamPipelineRoute } from './routes/stream-pipeline.ts';
import { createOpenStreams } from './streams/open-streams.ts';
import { createRunWatcher } from './streams/run-watcher.ts';

/** The HTTP front door; give it to `serve` of #shared/http. `drain` ends open streams and makes `/ready` say no. */
export interface Ingress extends Application {
  drain(): void;
}

export function createIngress(options: IngressOptions): Ingress {
  const { ledger, topology, artifacts, auth, signer, limits, log, clock, version, checks } = options;
  const metrics = options.metrics ?? createMetrics({ service: 'ingress' });
  const httpMetrics = createHttpMetrics(metrics);
  const app = new OpenAPIHono<HonoEnv>();
  const document = createDocument({ app, version });
  const authenticate = createAuthenticate({ auth, signer });
  const reader = createPipelineReader({ ledger, topology, signer, clock });
  const watcher = createRunWatcher({ ledger, reader, log });
  const streams = createOpenStreams(httpMetrics);
  const { voices, languages } = options;
  const start = createStartPipeline({ ledger, artifacts, choices: { voices, languages } });

  app.use(
    '*',
    requestScope({
      log,
      clock,
      metrics: httpMetrics,
      trustedProxies: Number(limits.trustProxy),
      allowedOrigins: options.allowedOrigins ?? [],
    }),
  );
  mountRoutes(app, {
    authenticate,
    rateLimit: createRateLimit({ perMinute: limits.ratePerMinute }),
    routes: [
      createPipelineRoute({ start, reader }),
      listPipelinesRoute({ ledger, reader }),
      readPipelineRoute({ reader }),
      readStepRoute({ reader }),
      cancelPipelineRoute({ ledger, reader }),
      deletePipelineRoute({ ledger, reader, artifacts }),
      streamPipelineRoute({ reader, watcher, streams, clock }),
      downloadArtifactRoute({ ledger, artifacts }),
      downloadPartArtifactRoute({ ledger, artifacts }),
      orchestratorStartRoute({ start, reader }),
      orchestratorStatusRoute({ reader }),
      orchestratorRetryRoute({ ledger, reader, steps: stepsOfFlow(topology) }),
      healthRoute({ version }),
      readyRoute({ ledger, streams, log, checks }),
      metricsRoute({ metrics }),
      publishedKeysRoute({ auth }),
      openApiDocumentRoute({ document }),
      ...pageRoutes({ auth, ledger, reader, clock, document, trustProxy: limits.trustProxy !== false }),
    ],
  });

  return {
    fetch: (request, env) => app.fetch(request, env),
    drain: () => streams.drain(),
  };
}
