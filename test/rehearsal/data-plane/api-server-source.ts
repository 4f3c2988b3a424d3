import { randomUUID } from 'node:crypto';
import { attempt } from './attempt.ts';
import type { Clock } from './clock.ts';
import type { EndedPod } from './job-sink.ts';
import { verdictOf } from './verdict.ts';

const TRIES = 5;
const AGAIN_MS = 1_000;

/** Tells the sink of an ApiServerSource in the mode Resource of a pod that has ended, a few times if nobody listens. */
export async function tellOfPod(options: { sink: string; clock: Clock; pod: EndedPod }): Promise<void> {
  const { sink, clock } = options;
  const { name, job, sink: fn, exitCode } = options.pod;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{ name, uid: randomUUID() },
      labels: { 'app.kubernetes.io/name': fn, 'batch.kubernetes.io/job-name': job },
    },
    status: {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [
        {
          name: 'function',
          state: { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } },
        },
      ],
    },
  };
  const attributes = {
    ...{ 'ce-specversion': '1.0', 'ce-id': randomUUID(), 'ce-source': 'https://10.96.0.1:443' },
    ...{ 'ce-type': 'dev.knative.apiserver.resource.update', 'content-type': 'application/json' },
  };
  const message = { headers: attributes, body: Buffer.from(JSON.stringify(pod)) };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const answer = await attempt({ url: sink, message, clock, signal: new AbortController().signal });
    if (verdictOf(answer).is !== 'again') return;
    await clock.sleep(AGAIN_MS);
  }
}
