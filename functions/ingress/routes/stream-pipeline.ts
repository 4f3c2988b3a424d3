import { z } from '@hono/zod-openapi';
import type { Clock } from '#shared/function';
import { openEventStream } from '#shared/http';
import type { RunView } from '#shared/ledger';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { defineRoute, type Route } from '../route.ts';
import { pipelineId } from '../schemas/parameters.ts';
import type { Pipeline } from '../schemas/pipeline.ts';
import type { OpenStreams } from '../streams/open-streams.ts';
import { changesOf, isSettled } from '../streams/pipeline-changes.ts';
import type { RunWatcher } from '../streams/run-watcher.ts';

const EVENT_STREAM = 'text/event-stream';

const STREAM_EXAMPLE = `event: snapshot
data: {"id":"0193b3f0-4d5e-8000-a000-000000000000","status":"running", …}

event: step
data: {"name":"render-tts","status":"running","progress":40, …}

event: pipeline
data: {"status":"completed","progress":100, …}

id: completed-2026-01-02T03:05:09.000Z
event: end
data: {"id":"0193b3f0-4d5e-8000-a000-000000000000","status":"completed","progress":100}
`;

export function streamPipelineRoute({
  reader,
  watcher,
  streams,
  clock,
}: {
  reader: PipelineReader;
  watcher: RunWatcher;
  streams: OpenStreams;
  clock: Clock;
}): Route {
  return defineRoute({
    method: 'get',
    path: '/api/pipelines/{id}/events',
    operationId: 'streamPipeline',
    tag: 'Pipelines',
    summary: 'Follow a pipeline',
    description: [
      'Server-sent events. First `snapshot` (a pipeline), then `step` (a step that changed), `artifact` (a new one),',
      '`pipeline` (status, progress and links) as they happen, and `end` (the last status), after which the server',
      'closes: close your side too. A comment comes every 15 s. Whoever reconnects begins with a new snapshot and so',
      'misses nothing; after `end` a reconnect with its `Last-Event-ID` is answered 204, which tells browsers to stop.',
    ].join(' '),
    access: 'token',
    rate: 'free',
    params: z.object({ id: pipelineId }),
    headers: z.object({
      'last-event-id': z.string().max(200).optional().openapi({
        description: 'The `id` of what was heard last.',
        example: 'succeeded-2026-01-02T03:04:05.678Z',
      }),
    }),
    responses: {
      200: { description: 'The stream.', type: EVENT_STREAM, example: STREAM_EXAMPLE },
      204: { description: 'This reader has had the `end` already.' },
      404: { description: 'It does not exist, or is not yours.' },
      429: { description: 'Too many streams are open.', headers: { 'Retry-After': 'Seconds to wait.' } },
    },
    async handle({ c, principal, params, headers }) {
      const run = await reader.own({ id: params.id, account: principal.account });
      const [snapshot] = await reader.read([run]);
      if (snapshot === undefined) return c.body(null, 204);
      if (isSettled(snapshot) && headers['last-event-id'] === endId(snapshot)) return c.body(null, 204);
      if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
      streams.admit(principal.account);
      const stream = openEventStream({ cut: () => c.env?.outgoing?.destroy() });
      streams.add(principal.account, stream);
      follow({ run, snapshot, watcher, stream });
      endWithToken({ stream, leftMs: principal.expiresAt.getTime() - clock.now().getTime() });
      return c.body(stream.body, 200, streamHeaders);
    },
  });
}

const streamHeaders = {
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

type Stream = ReturnType<typeof openEventStream>;

function follow({
  run,
  snapshot,
  watcher,
  stream,
}: {
  run: RunView;
  snapshot: Pipeline;
  watcher: RunWatcher;
  stream: Stream;
}): void {
  stream.send({ event: 'snapshot', data: snapshot });
  if (isSettled(snapshot)) {
    finish(stream, snapshot);
    return;
  }
  let seen = snapshot;
  const stop = watcher.watch(run, (pipeline) => {
    if (pipeline === undefined) {
      stream.send({ event: 'end', data: { id: run.id, status: 'deleted' } });
      stream.end('done');
      return;
    }
    for (const change of changesOf(seen, pipeline)) stream.send(change);
    seen = pipeline;
    if (isSettled(pipeline)) finish(stream, pipeline);
  });
  void stream.ended.then(stop);
}

function finish(stream: Stream, pipeline: Pipeline): void {
  const { id, status, progress } = pipeline;
  stream.send({ event: 'end', id: endId(pipeline), data: { id, status, progress } });
  stream.end('done');
}

/** Another one after a retry, so that a reader who comes back then is let in. */
function endId({ status, endedAt }: Pipeline): string {
  return `${status}-${endedAt ?? ''}`;
}

/** A stream is good for as long as the token that opened it (timers hold 24 days at most). */
function endWithToken({ stream, leftMs }: { stream: Stream; leftMs: number }): void {
  const timer = setTimeout(() => stream.end('done'), Math.max(0, Math.min(leftMs, 2 ** 31 - 1))).unref();
  void stream.ended.then(() => clearTimeout(timer));
}
