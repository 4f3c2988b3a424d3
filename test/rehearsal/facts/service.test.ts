import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../data-plane/clock.ts';
import { type Service, type ServiceSpec, startService } from '../data-plane/service.ts';

const program = fileURLToPath(new URL('../fixtures/service.ts', import.meta.url));

let folder: string;
let clock: ManualClock;
let service: Service;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-'));
  clock = createManualClock();
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(spec: Partial<ServiceSpec> = {}, more: Record<string, string> = {}): Promise<void> {
  service = await startService({
    clock,
    spec: {
      ...{ name: 'render-tts', command: { words: [process.execPath, program] } },
      ...{ containerConcurrency: 2, timeoutMs: 330_000, responseStartTimeoutMs: 330_000 },
      ...{ minScale: 0, maxScale: 7, podRetentionMs: 0, ...spec },
    },
    environment: () => ({ NOTES: join(folder, 'notes'), ...more }),
  });
}
const ask = async (ms = 0): Promise<string> => {
  const answer = await fetch(`${service.url}?ms=${ms}`);
  return answer.ok ? await answer.text() : `failed with ${answer.status}`;
};
const until = async (look: () => boolean): Promise<void> => {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const states = () => service.pods.map(({ state }) => state);
const notes = () => readFile(join(folder, 'notes'), 'utf8').catch(() => '');

describe('a Service', () => {
  it('starts its process with the first request, which waits for it', async () => {
    await start();
    expect(service.pods).toEqual([]);
    expect(await ask()).toMatch(/^\d+$/);
    expect(service.started).toBe(1);
  });

  it('has as many pods as requests need, up to its bound, and one again when they have gone', async () => {
    await start();
    const asked = Array.from({ length: 20 }, () => ask(1_500));
    await until(() => service.pods.length === 7);
    const answers = await Promise.all(asked);
    expect(new Set(answers).size).toBeGreaterThan(3);
    expect(answers.every((pid) => /^\d+$/.test(pid))).toBe(true);
    expect(service.started).toBe(7);
    // A minute later nothing of it counts.
    await clock.advance(62_000);
    await clock.advance(32_000);
    await until(() => service.pods.length <= 1);
  });

  it('keeps its last pod for as long as it is told to', async () => {
    await start({ podRetentionMs: 300_000 });
    await ask();
    await clock.advance(290_000);
    expect(states()).toEqual(['ready']);
    await clock.advance(20_000);
    expect(states()).toEqual(['terminating']);
  });

  it('never has less than min-scale', async () => {
    await start({ minScale: 2 });
    await until(() => states().every((state) => state === 'ready'));
    await clock.advance(600_000);
    expect(states()).toEqual(['ready', 'ready']);
    service.pods[0]?.signal('SIGKILL');
    await until(() => service.started === 3);
    expect(await ask()).toMatch(/^\d+$/);
  });

  it('answers 502 to a request whose process is killed, and the next by another process', async () => {
    await start();
    const asked = ask(60_000);
    await until(() => service.pods[0]?.load === 1);
    const [pod] = service.pods;
    pod?.signal('SIGKILL');
    expect(await asked).toBe('failed with 502');
    await pod?.ended;
    expect(await ask()).toMatch(/^\d+$/);
    expect(service.started).toBe(2);
  });
});

describe('a pod that is deleted', () => {
  it('answers what is in flight and what still comes; its process hears of it 30 s after the last', async () => {
    await start();
    const inFlight = ask(400);
    await until(() => service.pods[0]?.load === 1);
    const [pod] = service.pods;
    void pod?.terminate();
    // Gateways have not heard of it yet.
    const pid = await ask();
    expect(await inFlight).toBe(pid);
    expect(await notes()).toBe('');
    await clock.advance(30_000);
    await pod?.ended;
    expect(await notes()).toBe(`SIGTERM ${pid}\n`);
  });

  it('is killed when the time of a request has passed, however long it drains', async () => {
    await start({ timeoutMs: 60_000 }, { STUBBORN: 'yes' });
    await ask();
    const [pod] = service.pods;
    void pod?.terminate();
    await clock.advance(60_000);
    expect(await pod?.ended).toBe(137);
  });

  it('loses no request of a loop while all pods are replaced', async () => {
    await start({ minScale: 2 });
    await until(() => states().every((state) => state === 'ready') && service.pods.length === 2);
    const old = service.pods.map(({ container }) => String(container.pid));
    let isOver = false;
    const answers: string[] = [];
    const loop = (async () => {
      while (!isOver) answers.push(await ask());
    })();
    const rolled = service.roll();
    await until(() => states().includes('terminating'));
    const before = answers.length;
    let isRolled = false;
    void rolled.then(() => {
      isRolled = true;
    });
    while (!isRolled) {
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => answers.length > before + 20);
    isOver = true;
    await loop;
    expect(answers.filter((answer) => !/^\d+$/.test(answer))).toEqual([]);
    expect(old).toContain(answers[0]);
    expect(old).not.toContain(answers.at(-1));
  });
});
