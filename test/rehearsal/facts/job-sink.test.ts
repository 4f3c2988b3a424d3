import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../data-plane/clock.ts';
import { type JobSink, type JobSinkSpec, startJobSink } from '../data-plane/job-sink.ts';
import { post } from './world.ts';

const program = fileURLToPath(new URL('../fixtures/job.ts', import.meta.url));

let folder: string;
let clock: ManualClock;
let sink: JobSink | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'job-sink-'));
  clock = createManualClock();
});
afterEach(async () => {
  await sink?.close();
  sink = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(spec: Partial<JobSinkSpec> = {}, words = [program]): Promise<JobSink> {
  sink = await startJobSink({
    clock,
    spec: {
      ...{ name: 'render-scene', activeDeadlineMs: undefined, ttlMs: undefined, ...spec },
      command: { words: [process.execPath, ...words] },
    },
    environment: () => ({ NOTES: join(folder, 'notes') }),
  });
  return sink;
}

interface Note {
  readonly mode?: string;
  readonly event?: Record<string, unknown>;
  readonly told?: string;
}
const notes = async (): Promise<Note[]> =>
  (await readFile(join(folder, 'notes'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Note);
async function noted(count: number): Promise<Note[]> {
  for (;;) {
    const found = await notes();
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const id = (word: string, more: Record<string, string> = {}) => ({ headers: { 'ce-id': word, ...more } });

describe('a JobSink', () => {
  it('starts one process for an event, with the event in a file', async () => {
    const { url } = await start();
    expect(await post(url, id('j1'))).toBe(202);
    await noted(1);
    expect(await sink?.jobs[0]?.ended).toBe(0);
    expect(await notes()).toEqual([
      { mode: 'batch', event: { specversion: '1.0', id: 'j1', source: 'urn:test', type: 'test' } },
    ]);
    expect(sink?.jobs[0]?.state).toBe('succeeded');
  });

  it('names the Job after itself and md5 of source and id without a separator: two events share a name', async () => {
    const { url } = await start();
    await post(url, id('j1', { 'ce-source': '/lab' }));
    expect(await post(url, id('1', { 'ce-source': '/labj' }))).toBe(202);
    expect(sink?.jobs.map(({ name }) => name)).toEqual([
      `render-scene${createHash('md5').update('/labj1').digest('hex')}`,
    ]);
    await sink?.jobs[0]?.ended;
    expect((await notes()).map(({ event }) => event?.id)).toEqual(['j1']);
  });

  it('takes the same event again and starts nothing, until the TTL has removed the Job: then it runs again', async () => {
    const { url } = await start({ ttlMs: 3_600_000 });
    await post(url, id('j1'));
    await sink?.jobs[0]?.ended;
    await clock.sleeping(3_600_000);
    await clock.advance(3_599_999);
    expect(await post(url, id('j1'))).toBe(202);
    expect(sink?.created).toBe(1);
    await clock.advance(1);
    expect(sink?.jobs).toEqual([]);
    expect(await post(url, id('j1'))).toBe(202);
    expect(sink?.created).toBe(2);
    expect(await noted(2)).toHaveLength(2);
  });

  it('leaves a Pod waiting for ever for an event over 1 MiB', async () => {
    const { url } = await start({ ttlMs: 1_000, activeDeadlineMs: 1_000 });
    expect(
      await post(url, { ...id('big', { 'content-type': 'text/plain' }), body: 'x'.repeat(1024 * 1024) }),
    ).toBe(202);
    await clock.advance(1e9);
    expect(sink?.jobs).toMatchObject([{ state: 'waiting', container: undefined }]);
    expect(await notes()).toEqual([]);
  });

  it('mangles binary data that is no JSON; in structured mode it stays whole', async () => {
    const { url } = await start();
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'b', 'ce-source': 's', 'ce-type': 't' };
    await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'image/png' }, body: bytes });
    const whole = {
      specversion: '1.0',
      id: 'c',
      source: 's',
      type: 't',
      data_base64: bytes.toString('base64'),
    };
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(whole),
    });
    const events = (await noted(2)).map(({ event }) => event);
    expect(events).toContainEqual(whole);
    expect(events.find((event) => event?.id === 'b')?.data).toBe('\ufffd\0\ufffd');
  });

  it('lets a Job fail once and sends no dead letter', async () => {
    const { url } = await start();
    await post(url, id('j1', { 'ce-does': 'fail' }));
    expect(await sink?.jobs[0]?.ended).toBe(1);
    await clock.advance(1e9);
    expect(sink?.jobs[0]?.state).toBe('failed');
    expect(sink?.created).toBe(1);
  });

  it('tells a Job to end at its deadline, and kills it 30 s later', async () => {
    const { url } = await start({ activeDeadlineMs: 60_000 });
    await post(url, id('j1', { 'ce-does': 'stay' }));
    await noted(1);
    await clock.advance(60_000);
    expect((await noted(2))[1]).toEqual({ told: 'SIGTERM' });
    await clock.sleeping(30_000);
    await clock.advance(30_000);
    expect(await sink?.jobs[0]?.ended).toBe(137);
    expect(sink?.jobs[0]?.state).toBe('failed');
  });

  it('leaves its Jobs behind when it is deleted', async () => {
    const { url, remove } = await start();
    await post(url, id('j1', { 'ce-does': 'stay' }));
    await noted(1);
    await remove();
    await expect(post(url, id('j2'))).rejects.toThrow();
    expect(sink?.jobs).toMatchObject([{ state: 'running' }]);
  });

  it.each([
    ['GET', {}, 400],
    ['POST', { body: '{}' }, 400],
  ] as const)('refuses %s of what is no event', async (method, init, status) => {
    const { url } = await start();
    expect((await fetch(url, { method, ...init })).status).toBe(status);
  });

  it('starts Jobs only where the cluster has room', async () => {
    const free: (() => void)[] = [];
    sink = await startJobSink({
      clock,
      spec: {
        ...{ name: 'mux-video', activeDeadlineMs: undefined, ttlMs: undefined },
        command: { words: [process.execPath, program] },
      },
      environment: () => ({ NOTES: join(folder, 'notes') }),
      place: () => new Promise((resolve) => free.push(() => resolve(() => undefined))),
    });
    await post(sink.url, id('j1'));
    expect(sink.jobs[0]?.container).toBeUndefined();
    free[0]?.();
    expect(await sink.jobs[0]?.ended).toBe(0);
  });
});
