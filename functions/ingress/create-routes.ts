import type { HttpMetrics } from '#shared/http';
import type { Metrics } from '#shared/telemetry';
import type { IngressOptions } from './environment.ts';
import type { OpenApiDocument } from './pages/docs/document-reader.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { stepsOfFlow } from './pipelines/flow-steps.ts';
import { createPipelineReader } from './pipelines/pipeline-reader.ts';
import { createStartPipeline } from './pipelines/start-pipeline.ts';
import type { Route } from './route.ts';
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
import { createOpenStreams, type OpenStreams } from './streams/open-streams.ts';
import { createRunWatcher } from './streams/run-watcher.ts';

/** Every route of the front door, in the order in which the document and the reference show them. */
export function createRoutes(
  options: IngressOptions,
  {
    document,
    metrics,
    httpMetrics,
  }: { document: () => OpenApiDocument; metrics: Metrics; httpMetrics: HttpMetrics },
): { routes: readonly Route[]; streams: OpenStreams } {
  const { ledger, topology, artifacts, auth, signer, limits, log, clock, version, checks } = options;
  const { voices, languages } = options;
  const reader = createPipelineReader({ ledger, topology, signer, clock });
  const watcher = createRunWatcher({ ledger, reader, log });
  const streams = createOpenStreams(httpMetrics);
  const start = createStartPipeline({ ledger, artifacts, choices: { voices, languages } });
  const trustProxy = limits.trustProxy !== false;
  return {
    streams,
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
      ...pageRoutes({ auth, ledger, reader, clock, document, trustProxy }),
    ],
  };
}
