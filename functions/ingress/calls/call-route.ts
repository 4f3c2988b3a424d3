import { z } from '@hono/zod-openapi';
import { HttpProblem } from '#shared/http';
import type { RunView } from '#shared/ledger';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import { examplePipeline, type Pipeline, pipeline } from '../schemas/pipeline.ts';
import { isSettled } from '../streams/pipeline-changes.ts';
import type { RunWatcher } from '../streams/run-watcher.ts';
import type { Call } from './call.ts';
import { prefer } from './prefer.ts';
import type { StartCall } from './start-call.ts';

/** The route of a single call: 202 with where to look, or its result for who waits. */
export function callRoute({
  call,
  start,
  reader,
  watcher,
}: {
  call: Call;
  start: StartCall;
  reader: PipelineReader;
  watcher: RunWatcher;
}): Route {
  const answer = pipeline
    .extend({ result: call.result.optional().openapi({ description: 'There when it is completed.' }) })
    .openapi(call.answerName, {
      example: {
        ...examplePipeline,
        flow: call.flow,
        status: 'completed',
        progress: 100,
        result: call.example,
      },
    });
  return defineRoute({
    method: 'post',
    path: call.path,
    operationId: call.operationId,
    tag: 'Calls',
    summary: call.summary,
    ...(call.description === undefined ? {} : { description: call.description }),
    access: 'token',
    rate: 'counted',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional(), prefer: prefer.optional() }),
    body: call.body,
    responses: {
      200: {
        description: 'Done within the time that `Prefer: wait` gave.',
        schema: answer,
        headers: { Location: 'Where it is read.', 'Preference-Applied': 'The wait that was taken.' },
      },
      202: {
        description:
          'Accepted; a run of its own, to be read, followed, cancelled and retried like any other.',
        schema: answer,
        headers: {
          Location: 'Where it is read.',
          'Idempotency-Replayed': '`true` where this key had started it before.',
        },
      },
      404: { description: 'There is nothing of yours of the id or path that the body names.' },
      409: {
        description: 'The Idempotency-Key came before with another body, or what it needs is not there yet.',
      },
      422: { description: 'It failed within the time that `Prefer: wait` gave; `detail` says why.' },
    },
    async handle({ c, principal, headers, body }) {
      const { run, created } = await start({
        call,
        body,
        principal,
        idempotencyKey: headers['idempotency-key'],
        traceparent: c.get('traceparent'),
      });
      const location = `/api/pipelines/${run.id}`;
      c.header('Location', location);
      if (!created) c.header('Idempotency-Replayed', 'true');
      const seconds = headers.prefer ?? 0;
      if (seconds > 0) {
        c.header('Preference-Applied', `wait=${seconds}`);
        await settled({ run, watcher, ms: seconds * 1_000, signal: c.req.raw.signal });
      }
      const now = await reader.own({ id: run.id, account: principal.account });
      const [made] = await reader.read([now]);
      if (made !== undefined && made.status === 'failed' && seconds > 0) throw failed(made, location);
      return c.json(made, made?.status === 'completed' && seconds > 0 ? 200 : 202);
    },
  });
}

/** Comes back when the run has settled, when the time is over, or when the client has gone. */
function settled(request: {
  run: RunView;
  watcher: RunWatcher;
  ms: number;
  signal: AbortSignal;
}): Promise<void> {
  const { run, watcher, ms, signal } = request;
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = watcher.watch(run, (seen) => {
      if (seen === undefined || isSettled(seen)) end();
    });
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function failed({ failure, title }: Pipeline, location: string): HttpProblem {
  const dead = failure?.dead[0];
  return new HttpProblem({
    status: 422,
    code: dead?.code ?? 'run-failed',
    detail: dead?.message ?? `"${title}" failed; read it for why.`,
    headers: { Location: location },
  });
}
