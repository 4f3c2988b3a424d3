import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findFfmpeg } from '#shared/media';
import { readTopology } from '#shared/topology';
import { freePort } from '../test/free-port.ts';
import { createLedgerFixture, type LedgerFixture } from '../test/ledger-fixture.ts';
import { startWatchdog } from '../test/openfaas/watchdog.ts';
import { buildImages, type Images } from '../test/rehearsal/pipeline/images.ts';

const topology = readTopology({ path: 'events.yaml' });
const NOBODYS = '0198c0de-0000-8000-a000-000000000000';

describe('behind the watchdog of OpenFaaS', () => {
  let fixture: LedgerFixture;
  let folder: string;
  let ffmpeg: string;
  let images: Images;
  beforeAll(async () => {
    fixture = await createLedgerFixture(topology);
    images = await buildImages(topology);
    ffmpeg = (await findFfmpeg()).path;
    folder = await mkdtemp(join(tmpdir(), 'millrace-functions-'));
  }, 240_000);
  afterAll(async () => {
    await fixture.close();
    await images.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(topology.functions.map(({ name }) => name))(
    '%s lives, is ready, and takes wake-ups',
    async (name) => {
      const port = await freePort();
      const watchdog = await startWatchdog({
        process: images.command(name, []).words.join(' '),
        upstream: `http://127.0.0.1:${port}`,
        environment: {
          ...{ PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'info' },
          ...{ DATABASE_URL: fixture.url, DATA_DIR: join(folder, 'data'), FFMPEG_BIN: ffmpeg },
        },
      });
      const ask = (path: string, request: RequestInit = {}) => fetch(`${watchdog.url}${path}`, request);
      try {
        expect((await ask('/_/health')).status).toBe(200);
        await vi.waitFor(async () => expect((await ask('/_/ready')).status).toBe(200), {
          timeout: 30_000,
          interval: 200,
        });
        const woken = await ask('/', {
          method: 'POST',
          headers: { 'content-type': 'application/cloudevents+json' },
          body: JSON.stringify({
            ...{ specversion: '1.0', id: `${NOBODYS}.1`, source: 'urn:millrace' },
            ...{ type: 'millrace.wake-up', function: name },
          }),
        });
        expect([woken.status, await woken.text()]).toEqual([202, '']);
        expect(await (await ask('/metrics')).text()).toContain('millrace_');
      } finally {
        await watchdog.stop();
      }
    },
    90_000,
  );
});
