import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import type { Cluster, Standing, Target } from './cluster.ts';
import { smokeEvent, smokeJob, smokeScript } from './smoke.ts';

const containers = z.array(z.looseObject({ image: z.string() })).min(1);
const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const status = z
  .looseObject({
    observedGeneration: z.number().optional(),
    conditions: z.array(condition).default([]),
    latestCreatedRevisionName: z.string().optional(),
    latestReadyRevisionName: z.string().optional(),
  })
  .default({ conditions: [] });
const metadata = z.object({ generation: z.number().default(0) });
const service = z.object({
  metadata,
  status,
  spec: z.object({ template: z.object({ spec: z.object({ containers }) }) }),
});
const podSpec = z.looseObject({ containers });
const jobSink = z.object({
  metadata,
  status,
  spec: z.object({
    job: z.looseObject({
      spec: z.looseObject({ template: z.looseObject({ spec: podSpec }) }),
    }),
  }),
});

/** Kinds, in full: other installations have other services. */
const KINDS = { service: 'services.serving.knative.dev', job: 'jobsinks.sinks.knative.dev' };
/** Where Knative has the process of a service listen. */
const PORT = 8080;
const LIMIT_MS = 30_000;
const SMOKE_MS = 180_000;
const LIMIT_BYTES = 2 ** 24;

/**
 * A cluster through `kubectl`.
 *
 * @param context of the kubeconfig
 */
export function createKubectl(options: { program?: string; context: string; signal: AbortSignal }): Cluster {
  const { program = 'kubectl', context, signal } = options;
  const kubectl = (words: readonly string[], { input = '', limitMs = LIMIT_MS } = {}) =>
    runProgram({ program, words: ['--context', context, ...words], input, limitMs, signal });

  const read = async ({ name, run, namespace }: Target): Promise<unknown> => {
    const words = [
      '--namespace',
      namespace,
      'get',
      KINDS[run],
      name,
      '--ignore-not-found',
      '--output',
      'json',
    ];
    const text = await kubectl(words);
    return text.trim() === '' ? undefined : JSON.parse(text);
  };

  const smokeService = async ({ name, namespace }: Target, revision: string): Promise<void> => {
    const selector = `serving.knative.dev/revision=${revision}`;
    const found = await kubectl([
      ...['--namespace', namespace, 'get', 'pods', '--selector', selector],
      ...['--field-selector', 'status.phase=Running', '--output', 'jsonpath={.items[*].metadata.name}'],
    ]);
    const [pod] = found.trim().split(' ');
    if (pod === undefined || pod === '')
      throw new Permanent('smoke-failed', `${name} in ${namespace} has no running pod of ${revision}.`);
    const inside = [
      '--container',
      'user-container',
      '--',
      'node',
      '--eval',
      smokeScript({ name, port: PORT }),
    ];
    await kubectl(['--namespace', namespace, 'exec', pod, ...inside], { limitMs: SMOKE_MS });
  };

  const smokeSink = async ({ name, namespace }: Target, sink: z.infer<typeof jobSink>): Promise<void> => {
    const objects = smokeJob({
      name,
      id: randomUUID().slice(0, 8),
      job: sink.spec.job,
      event: smokeEvent(name),
    });
    const at = ['--namespace', namespace];
    await kubectl([...at, 'create', '--filename', '-'], { input: JSON.stringify(objects.list) });
    try {
      const limitMs = SMOKE_MS + LIMIT_MS;
      const until = ['--for=condition=complete', `--timeout=${SMOKE_MS / 1000}s`];
      await kubectl([...at, 'wait', ...until, `job/${objects.name}`], { limitMs });
    } finally {
      // Whatever became of it, also where this process was told to end.
      await runProgram({
        program,
        words: [...['--context', context], ...at, 'delete', 'job,configmap', objects.name, '--wait=false'],
        input: '',
        limitMs: LIMIT_MS,
        signal: new AbortController().signal,
      });
    }
  };

  return {
    async look(target): Promise<Standing> {
      const found = await read(target);
      if (found === undefined) return { image: undefined, isReady: false, why: 'it is not there' };
      if (target.run === 'job') {
        const sink = jobSink.parse(found);
        return standing(sink, sink.spec.job.spec.template.spec.containers[0]?.image);
      }
      const one = service.parse(found);
      const { latestCreatedRevisionName: made, latestReadyRevisionName: ready } = one.status;
      const told = standing(one, one.spec.template.spec.containers[0]?.image);
      return made === ready ? told : { ...told, isReady: false, why: told.why || `${made} is not ready` };
    },
    async smoke(target) {
      const found = await read(target);
      try {
        if (target.run === 'job') await smokeSink(target, jobSink.parse(found));
        else await smokeService(target, service.parse(found).status.latestReadyRevisionName ?? '');
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Permanent('smoke-failed', `${target.name} in ${target.namespace}: ${reason}`, { cause });
      }
    },
  };
}

function standing(
  one: { metadata: z.infer<typeof metadata>; status: z.infer<typeof status> },
  image: string | undefined,
): Standing {
  const { generation } = one.metadata;
  const { observedGeneration = 0, conditions } = one.status;
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isSeen = observedGeneration >= generation;
  const why = [ready?.reason, ready?.message].filter((part) => part !== undefined).join(': ');
  return {
    image,
    isReady: isSeen && ready?.status === 'True',
    why: isSeen ? why : 'not seen by Knative yet',
  };
}

function runProgram(options: {
  program: string;
  words: readonly string[];
  input: string;
  limitMs: number;
  signal: AbortSignal;
}): Promise<string> {
  const { program, words, input, limitMs, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { timeout: limitMs, killSignal: 'SIGKILL', signal });
    const out: Buffer[] = [];
    let bytes = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMIT_BYTES) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    child.on('error', reject);
    // It may have ended before it read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code, killed) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else if (killed !== null)
        reject(
          new Permanent('kubectl-failed', `kubectl ${words[2]} did not end within ${limitMs / 1000} s.`),
        );
      else reject(new Permanent('kubectl-failed', `kubectl: ${said.trim() || `ended with ${code}`}`));
    });
  });
}
