import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Permanent } from '#shared/errors';
import type { Cluster, Standing, Target } from './cluster.ts';
import { jobSink, KINDS, PORT, service, serviceStanding, sinkStanding } from './knative-objects.ts';
import { askIngress, lookAtPlatform, smokePlatform } from './platform-parts.ts';
import { findPod, runInPod } from './pods.ts';
import { LIMIT_MS, openKubectl } from './run-kubectl.ts';
import { smokeEvent, smokeJob, smokeScript } from './smoke.ts';

const SMOKE_MS = 180_000;

/**
 * A cluster through `kubectl`.
 *
 * @param context of the kubeconfig
 */
export function createKubectl(options: { program?: string; context: string; signal: AbortSignal }): Cluster {
  const { program = 'kubectl', context, signal } = options;
  const kubectl = openKubectl({ program, context, signal });

  const read = async (name: string, kind: string, namespace: string): Promise<unknown> => {
    const at = ['--namespace', namespace];
    const text = await kubectl([...at, 'get', kind, name, '--ignore-not-found', '--output', 'json']);
    return text.trim() === '' ? undefined : JSON.parse(text);
  };

  /** One that sleeps is woken through the gateway, as Knative's broker wakes it. */
  const smokeService = async ({ name, namespace }: Target, revision: string): Promise<void> => {
    const selector = `serving.knative.dev/revision=${revision}`;
    const pods = { kubectl, namespace, selector, container: 'user-container' };
    const pod = await findPod(pods);
    if (pod === undefined) {
      const script = smokeScript({ name, url: `http://${name}.${namespace}.svc.cluster.local/` });
      return await askIngress({ kubectl, namespace, script });
    }
    await runInPod({ ...pods, pod, script: smokeScript({ name, url: `http://127.0.0.1:${PORT}/` }) });
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
      await kubectl([...at, 'delete', 'job,configmap', objects.name, '--wait=false'], {
        signal: new AbortController().signal,
      });
    }
  };

  return {
    async look({ name, run, namespace }): Promise<Standing> {
      if (run === 'platform') return lookAtPlatform(kubectl, namespace);
      const found = await read(name, KINDS[run], namespace);
      if (found === undefined) return { image: undefined, isReady: false, why: 'it is not there' };
      return run === 'job' ? sinkStanding(jobSink.parse(found)) : serviceStanding(service.parse(found));
    },
    async smoke(target) {
      const { name, run, namespace } = target;
      try {
        if (run === 'platform') return await smokePlatform(kubectl, namespace);
        const found = await read(name, KINDS[run], namespace);
        if (run === 'job') await smokeSink(target, jobSink.parse(found));
        else await smokeService(target, service.parse(found).status.latestReadyRevisionName ?? '');
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Permanent('smoke-failed', `${name} in ${namespace}: ${reason}`, { cause });
      }
    },
  };
}
