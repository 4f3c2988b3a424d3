import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readTopology } from '#shared/topology';
import { numbersFrom } from '../../seed.ts';
import { createFastClock } from '../data-plane/clock.ts';
import { type Cluster, startCluster } from '../data-plane/cluster.ts';
import { readManifests } from '../data-plane/manifests.ts';
import { policyOf } from '../data-plane/policy.ts';
import { createWorld, post } from './world.ts';

const inProject = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const manifests = readManifests(inProject('knative/generated/base'));
const { functions, profiles } = readTopology({ path: inProject('events.yaml') });

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

describe('the generated manifests', () => {
  it('wake every function by a Trigger of its own, which nothing else passes', () => {
    const filters = manifests.triggers.map(({ spec }) => [
      spec.subscriber.ref.name,
      spec.filter,
      spec.filters,
    ]);
    expect(filters.sort()).toEqual(
      functions.map(({ name }) => [name, { attributes: { function: name } }, undefined]).sort(),
    );
  });

  it('answer whoever wakes before anybody is woken, and count what could not be delivered', () => {
    const [broker] = manifests.brokers;
    expect(broker?.metadata.annotations['messaging.knative.dev/async-handler']).toBe('true');
    for (const { spec } of manifests.triggers) {
      const policy = policyOf(spec.delivery, ({ ref, uri }) => `${ref?.name} ${uri}`);
      expect(policy.deadLetters).toBe('scheduler /dead-letters');
      expect([0, 1, 2].map(policy.wait).slice(0, policy.retries)).toEqual([1_000, 2_000, 4_000]);
    }
  });

  it('let a wake-up wait for as long as the function may take, and the function for its answer', () => {
    for (const { metadata, spec } of manifests.services) {
      const fn = functions.find(({ name }) => name === metadata.name);
      const limit = (fn && profiles[fn.profile]?.timeoutMs) ?? 0;
      const { timeoutSeconds, responseStartTimeoutSeconds } = spec.template.spec;
      expect(timeoutSeconds * 1_000).toBeGreaterThan(limit);
      expect(responseStartTimeoutSeconds).toBe(timeoutSeconds);
      const trigger = manifests.triggers.find(({ spec: each }) => each.subscriber.ref.name === metadata.name);
      if (trigger) expect(policyOf(trigger.spec.delivery).timeoutMs).toBe(timeoutSeconds * 1_000);
    }
  });

  it('become a cluster in which a wake-up starts the process of its function and no other', async () => {
    const { subscriber } = createWorld();
    const letters = await subscriber();
    const program = fileURLToPath(new URL('../fixtures/service.ts', import.meta.url));
    const job = fileURLToPath(new URL('../fixtures/job.ts', import.meta.url));
    cluster = await startCluster({
      manifests,
      clock: createFastClock(10),
      random: numbersFrom('manifests'),
      command: (image, args) => {
        if (image === 'platform')
          return args.includes('scheduler') ? { words: [process.execPath, program] } : undefined;
        const isJob = manifests.jobSinks.some(({ metadata }) => metadata.name === image);
        return { words: [process.execPath, isJob ? job : program] };
      },
      environment: ({ brokerUrl }) => ({ BROKER_URL: brokerUrl, NOTES: '/dev/null', DEAD: letters.url }),
      room: { podsEach: 1, jobs: 1 },
    });
    const { broker, services, jobSinks, deployments } = cluster;
    await deployments.get('scheduler')?.ready;
    expect(await post(broker.url, { headers: { 'ce-function': 'place-video' } })).toBe(202);
    expect(await post(broker.url, { headers: { 'ce-function': 'mux-video' } })).toBe(202);
    expect(await post(broker.url, { headers: { 'ce-function': 'nobody' } })).toBe(202);
    await expect
      .poll(
        () => [...services, ...jobSinks].filter(([, each]) => startedBy(each) > 0).map(([name]) => name),
        {
          timeout: 20_000,
        },
      )
      .toEqual(['place-video', 'mux-video']);
  });
});

const startedBy = (part: { started: number } | { created: number }): number =>
  'started' in part ? part.started : part.created;
