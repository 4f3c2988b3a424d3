import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKubectl } from './kubectl.ts';
import { smokeEvent } from './smoke.ts';

let folder = '';
let program = '';

/** Answers as kubectl does, with what lies in its folder, and keeps what it was told. */
const STAND_IN = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const words = process.argv.slice(2);
const here = __dirname;
const pods = (words) => {
  const selector = words[words.indexOf('--selector') + 1];
  const all = JSON.parse(readFileSync(here + '/pods', 'utf8'));
  return Object.entries(all).filter(([wanted]) => selector.includes(wanted)).flatMap(([, found]) => found);
};
const verb = words.find((word) => ['get', 'exec', 'create', 'wait', 'delete'].includes(word));
if (existsSync(here + '/hang')) setInterval(() => {}, 1000);
else {
  const input = verb === 'create' ? readFileSync(0, 'utf8') : undefined;
  appendFileSync(here + '/told', JSON.stringify({ verb, words, input }) + '\\n');
  const script = verb === 'exec' ? words.at(-1) : undefined;
  if (verb === 'get' && words.includes('pods')) process.stdout.write(JSON.stringify({ items: pods(words) }));
  else if (verb === 'get') process.stdout.write(existsSync(here + '/object') ? readFileSync(here + '/object') : '');
  if (verb === 'wait' && existsSync(here + '/fail')) { console.error('error: timed out waiting for the condition'); process.exit(1); }
  if (script) eval(script.replace('http://alpha.staging.svc.cluster.local/', existsSync(here + '/gateway') ? readFileSync(here + '/gateway', 'utf8') : '$&'));
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-kubectl-'));
  program = join(folder, 'kubectl');
  await writeFile(program, STAND_IN);
  await chmod(program, 0o755);
});

beforeEach(() =>
  runs({ 'revision=alpha-00002': [pod('alpha-y'), pod('alpha-x')], 'name=ingress': [pod('ingress-x')] }),
);

afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (run: 'service' | 'job' | 'platform') => ({ name: 'alpha', run, namespace: 'staging' }) as const;
const kubectl = (signal = new AbortController().signal) =>
  createKubectl({ program, context: 'there', signal });
const has = (object: unknown) => writeFile(join(folder, 'object'), JSON.stringify(object));
const pod = (name: string, more: object = {}) => ({ metadata: { name, ...more } });
/** Pods that run, oldest first, of each selector that is asked for. */
const runs = (pods: Readonly<Record<string, readonly object[]>>) =>
  writeFile(join(folder, 'pods'), JSON.stringify(pods));
const told = async () =>
  (await readFile(join(folder, 'told'), 'utf8'))
    .trim()
    .split('\n')
    .map((line): { verb: string; words: string[]; input?: string } => JSON.parse(line));

const containers = [{ name: 'function', image: 'registry.example/alpha:1.0.0@sha256:aa', volumeMounts: [] }];
const service = (generation: number, observed: number, status: string, ready: string) => ({
  metadata: { generation },
  spec: { template: { spec: { containers } } },
  status: {
    observedGeneration: observed,
    latestCreatedRevisionName: 'alpha-00002',
    latestReadyRevisionName: ready,
    conditions: [{ type: 'Ready', status, reason: 'RevisionFailed', message: 'exit code 1' }],
  },
});
const jobSink = {
  metadata: { generation: 1 },
  spec: {
    job: { spec: { backoffLimit: 0, template: { spec: { containers, volumes: [{ name: 'tmp' }] } } } },
  },
  status: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] },
};

describe('looking at a function', () => {
  it.each([
    ['ready', service(2, 2, 'True', 'alpha-00002'), true],
    ['not seen by Knative yet', service(2, 1, 'True', 'alpha-00002'), false],
    ['of which only the revision before is ready', service(2, 2, 'True', 'alpha-00001'), false],
    ['that failed', service(2, 2, 'False', 'alpha-00002'), false],
  ])('a service %s', async (_, object, isReady) => {
    await has(object);
    const standing = await kubectl().look(at('service'));
    expect(standing).toMatchObject({ image: 'registry.example/alpha:1.0.0@sha256:aa', isReady });
  });

  it('a sink', async () => {
    await has(jobSink);
    expect(await kubectl().look(at('job'))).toMatchObject({ isReady: true });
  });

  it('that is not there', async () => {
    await rm(join(folder, 'object'), { force: true });
    expect(await kubectl().look(at('service'))).toMatchObject({ image: undefined, isReady: false });
  });

  it('ends when it is told to', async () => {
    await writeFile(join(folder, 'hang'), '');
    const ending = new AbortController();
    const look = kubectl(ending.signal).look(at('service'));
    setTimeout(() => ending.abort(), 200);
    await expect(look).rejects.toThrow('abort');
    await rm(join(folder, 'hang'));
  });
});

describe('looking at the platform', () => {
  const image = (letter: string) => [{ image: `registry.example/platform:1.0.0@sha256:${letter}` }];
  const deployment = (name: string, letter: string, counts: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, generation: 3 },
    spec: { replicas: 2, template: { spec: { containers: image(letter) } } },
    status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...counts },
  });
  const ingress = (letter: string) => ({
    ...service(2, 2, 'True', 'alpha-00002'),
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'ingress', generation: 2 },
    spec: { template: { spec: { containers: image(letter) } } },
  });
  const migration = (status: object) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate-1-0-0' },
    spec: { template: { spec: { containers: image('a') } } },
    status,
  });
  const rest = ['streams', 'adapter'].map((name) => deployment(name, 'a'));
  const whole = [...rest, deployment('scheduler', 'a'), ingress('a')];

  it.each<[what: string, items: readonly object[], isReady: boolean, why: string]>([
    ['whole, its migration over', [...whole, migration({ succeeded: 1 })], true, ''],
    ['whole, its migration long gone', whole, true, ''],
    ['whose migration runs', [...whole, migration({ active: 1 })], false, 'migrate-1-0-0 runs'],
    ['whose migration failed', [...whole, migration({ failed: 3 })], false, 'migrate-1-0-0 failed 3 times'],
    ['of which a part is missing', [...rest, ingress('a')], false, 'scheduler is not there'],
    [
      'of which an old pod is still there',
      [...rest, deployment('scheduler', 'a', { replicas: 3 }), ingress('a')],
      false,
      'scheduler: 2 of 2 pods are new',
    ],
    [
      'of which a new pod does not come',
      [...rest, deployment('scheduler', 'a', { updatedReplicas: 1, availableReplicas: 1 }), ingress('a')],
      false,
      'scheduler: 1 of 2 pods are new, 1 available',
    ],
  ])('%s', async (_, items, isReady, why) => {
    await has({ items });
    const standing = await kubectl().look(at('platform'));
    expect(standing.isReady).toBe(isReady);
    expect(standing.why).toContain(why);
  });

  it('with two images runs neither', async () => {
    await has({ items: [...rest, deployment('scheduler', 'a'), ingress('b')] });
    const { image, isReady } = await kubectl().look(at('platform'));
    expect([isReady, image?.endsWith('@sha256:a'), image?.endsWith('@sha256:b')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('its smoke test asks every part in its newest pod', async () => {
    await rm(join(folder, 'told'), { force: true });
    // Nobody listens on this machine: the first part that is asked does not answer.
    await expect(kubectl().smoke(at('platform'))).rejects.toMatchObject({ code: 'smoke-failed' });
    const [pods, exec] = await told();
    expect(pods?.words.join(' ')).toContain('app.kubernetes.io/name=ingress');
    expect(exec?.words).toContain('ingress-x');
    expect(exec?.words.at(-1)).toContain('/ready');
  });
});

describe('the smoke test', () => {
  it('of a service runs in a pod of the newest revision, and fails where nobody answers', async () => {
    await has(service(2, 2, 'True', 'alpha-00002'));
    await rm(join(folder, 'told'), { force: true });
    await expect(kubectl().smoke(at('service'))).rejects.toThrow('ECONNREFUSED');
    const all = await told();
    expect(all.find(({ words }) => words.includes('pods'))?.words).toContain(
      'serving.knative.dev/revision=alpha-00002',
    );
    expect(all.find(({ verb }) => verb === 'exec')?.words).toContain('alpha-x');
  });

  it('of a service does not ask a pod that is leaving', async () => {
    await has(service(2, 2, 'True', 'alpha-00002'));
    await runs({
      'revision=alpha-00002': [pod('alpha-y'), pod('alpha-x', { deletionTimestamp: '2026-11-22T09:00:00Z' })],
    });
    await rm(join(folder, 'told'), { force: true });
    await expect(kubectl().smoke(at('service'))).rejects.toThrow('ECONNREFUSED');
    expect((await told()).at(-1)?.words).toContain('alpha-y');
  });

  it('of a service that sleeps wakes it through the gateway, from a pod of ingress', async () => {
    await has(service(2, 2, 'True', 'alpha-00002'));
    await runs({ 'name=ingress': [pod('ingress-x')] });
    await rm(join(folder, 'told'), { force: true });
    const woken: unknown[] = [];
    const gateway = createServer(async (request, answer) => {
      woken.push([request.method, await json(request)]);
      answer.writeHead(202).end();
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const { port } = gateway.address() as AddressInfo;
    await writeFile(join(folder, 'gateway'), `http://127.0.0.1:${port}/`);
    await kubectl().smoke(at('service'));
    expect(woken).toEqual([['POST', smokeEvent('alpha')]]);
    const asked = (await told()).find(({ verb }) => verb === 'exec')?.words;
    expect(asked).toEqual(expect.arrayContaining(['staging', 'ingress-x', 'user-container']));
    expect(asked?.at(-1)).toContain('http://alpha.staging.svc.cluster.local/');
    gateway.close();
    await once(gateway, 'close');
    await expect(kubectl().smoke(at('service'))).rejects.toThrow('ECONNREFUSED');
    await rm(join(folder, 'gateway'));
  });

  it('of a service that sleeps says that nobody could wake it', async () => {
    await has(service(2, 2, 'True', 'alpha-00002'));
    await runs({});
    await expect(kubectl().smoke(at('service'))).rejects.toThrow('ingress has no running pod in staging');
  });

  it('of a sink makes its Job with a wake-up for nothing, waits, and removes it', async () => {
    await has(jobSink);
    await rm(join(folder, 'told'), { force: true });
    await kubectl().smoke(at('job'));
    const all = await told();
    expect(all.map(({ verb }) => verb)).toEqual(['get', 'create', 'wait', 'delete']);
    const { items } = JSON.parse(all[1]?.input ?? '');
    expect(JSON.parse(items[0].data.event)).toMatchObject({ type: 'millrace.wake-up', function: 'alpha' });
    expect(items[1].spec.template.spec).toMatchObject({
      containers: [
        {
          image: 'registry.example/alpha:1.0.0@sha256:aa',
          env: [{ name: 'K_EVENT_PATH' }, { name: 'K_EXECUTION_MODE' }],
          volumeMounts: [{ name: 'smoke-event', mountPath: '/etc/jobsink-event' }],
        },
      ],
      volumes: [{ name: 'tmp' }, { name: 'smoke-event' }],
    });
  });

  it('of a sink removes its Job also where it does not end', async () => {
    await has(jobSink);
    await writeFile(join(folder, 'fail'), '');
    await rm(join(folder, 'told'), { force: true });
    await expect(kubectl().smoke(at('job'))).rejects.toMatchObject({ code: 'smoke-failed' });
    expect((await told()).at(-1)?.verb).toBe('delete');
    await rm(join(folder, 'fail'));
  });
});
