import type { HttpMetrics } from '#shared/http';
import type { Metrics } from '#shared/telemetry';
import { accountRoutes } from './accounts/account-routes.ts';
import { asyncApiDocument } from './asyncapi/document.ts';
import { asyncApiRoutes } from './asyncapi/routes.ts';
import type { Authenticate } from './authenticate.ts';
import { calendarRoutes } from './calendars/calendar-routes.ts';
import { createBring } from './calls/bring.ts';
import { callRoutes } from './calls/call-routes.ts';
import { createResultReader } from './calls/results.ts';
import { createStartCall } from './calls/start-call.ts';
import { conversationRoutes } from './conversations/conversation-routes.ts';
import type { HttpContext, IngressOptions } from './environment.ts';
import { followingRoutes } from './following/following-routes.ts';
import { gatheringRoutes } from './gatherings/gathering-routes.ts';
import { noticeRoute } from './inbound/notice-route.ts';
import { notificationRoutes } from './notifications/notification-routes.ts';
import { eraseAccountRoute } from './operations/account-route.ts';
import { brakeRoutes } from './operations/brake-routes.ts';
import { deliveryRoutes } from './operations/delivery-routes.ts';
import { pipelineOperationRoutes } from './operations/pipeline-operation-routes.ts';
import type { OpenApiDocument } from './pages/docs/document-reader.ts';
import { pageOrigin } from './pages/page-origin.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { createPipelineReader } from './pipelines/pipeline-reader.ts';
import { createStartPipeline } from './pipelines/start-pipeline.ts';
import { postsRoutes } from './posts/posts-routes.ts';
import { videoProgressRoute } from './progress/progress-route.ts';
import { createRenderProgress } from './progress/render-progress.ts';
import { type Hearing, openHearing } from './realtime/open-hearing.ts';
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
import { uploadRoutes } from './uploads/upload-routes.ts';
import { voiceRoutes } from './voices/voice-routes.ts';

/** Every route of the front door, in the order in which the document and the reference show them. */
export function createRoutes(
  options: IngressOptions,
  {
    document,
    metrics,
    httpMetrics,
    authenticate,
  }: {
    document: () => OpenApiDocument;
    metrics: Metrics;
    httpMetrics: HttpMetrics;
    authenticate: Authenticate;
  },
): { routes: readonly Route[]; streams: OpenStreams; hearing: Hearing | undefined } {
  const { ledger, topology, artifacts, auth, signer, limits, log, clock, version, checks } = options;
  const { speech, inbox, inboxBucket, languages, operations, erase, people } = options;
  const voices = options.voices ?? (speech === undefined ? undefined : () => speech.voices());
  const result = createResultReader({ ledger, artifacts });
  const reader = createPipelineReader({ ledger, topology, signer, clock, result });
  const watcher = createRunWatcher({ ledger, reader, log, intervalMs: options.watchMs });
  const streams = createOpenStreams(httpMetrics);
  const choices = { voices, languages };
  const start = createStartPipeline({ ledger, artifacts, choices });
  const bring = createBring({
    ledger,
    artifacts,
    findUpload: async (request) => await inbox?.finished(request),
  });
  const startCall = createStartCall({ ledger, artifacts, choices, bring });
  const progress = createRenderProgress({ ledger, artifacts, clock });
  const hearing = openHearing(options, {
    ...{ authenticate, reader, watcher, metrics, httpMetrics },
  });
  const trustProxy = limits.trustProxy !== false;
  const originOf = (c: HttpContext): string => options.publicUrl ?? pageOrigin(c, trustProxy);
  return {
    streams,
    hearing,
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
      ...callRoutes({ ledger, start: startCall, reader, watcher }),
      videoProgressRoute({ reader, progress }),
      ...(speech === undefined ? [] : voiceRoutes({ speech, signer, clock })),
      ...(inbox === undefined ? [] : uploadRoutes({ inbox, signer })),
      ...(inbox === undefined || inboxBucket === undefined
        ? []
        : [noticeRoute({ inbox, bucket: inboxBucket })]),
      orchestratorStartRoute({ start, reader }),
      orchestratorStatusRoute({ reader }),
      orchestratorRetryRoute({ ledger, reader }),
      ...(operations === undefined
        ? []
        : [
            ...pipelineOperationRoutes({ operations, reader }),
            ...deliveryRoutes({ operations }),
            ...brakeRoutes({ operations }),
          ]),
      ...(erase === undefined ? [] : [eraseAccountRoute({ erase, people })]),
      ...(people === undefined ? [] : accountRoutes({ people, auth, ledger, erase })),
      ...(people === undefined ? [] : followingRoutes(people)),
      // Before events: what ends with `.ics` is looked at first.
      ...(people === undefined ? [] : calendarRoutes({ people, clock, inbox, originOf })),
      ...(people === undefined
        ? []
        : gatheringRoutes({ people, artifacts, inbox, links: { signer, clock } })),
      ...(people === undefined ? [] : postsRoutes({ people, links: { signer, clock } })),
      ...(people === undefined ? [] : conversationRoutes({ people, links: { signer, clock } })),
      ...(hearing?.routes ?? []),
      ...(people === undefined ? [] : notificationRoutes({ people, pushKey: options.pushKey, reader })),
      healthRoute({ version }),
      readyRoute({ ledger, streams, log, checks }),
      metricsRoute({ metrics }),
      publishedKeysRoute({ auth }),
      openApiDocumentRoute({ document }),
      ...asyncApiRoutes({ document: asyncApiDocument({ topology, version }) }),
      ...pageRoutes({
        ...{ auth, ledger, reader, clock, document, trustProxy },
        ...{ people, appUrl: options.appUrl },
      }),
    ],
  };
}
