import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#shared/config';
import { newRunId, type RunView } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import { type Platform, startPlatform } from '../../localstack/embedded/index.ts';

/** A whole platform in a folder of its own. */
export interface TestPlatform {
  readonly platform: Platform;
  readonly dataDir: string;
  /** Starts the small video that end-to-end tests make; answers its run. */
  startVideo(words: { topic: string }): Promise<string>;
  /** Waits until the run is settled. */
  settled(run: string, timeoutMs: number): Promise<RunView>;
  stop(): Promise<void>;
}

export async function startTestPlatform(): Promise<TestPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace e2e '));
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', RATE_LIMIT: '100000' });
  const log = createLog({ service: 'platform', level: 'warn' });
  const platform = await startPlatform({ config, log });
  const { ledger } = platform;
  return {
    platform,
    dataDir,
    async startVideo({ topic }) {
      const id = newRunId();
      const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 6, language: 'en' };
      await ledger.publish({
        run: { id, flow: 'video', owner: 'alice', title: topic, labels: {} },
        event: { type: 'pipeline.started', data: { settings, topic } },
      });
      return id;
    },
    async settled(run, timeoutMs) {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const view = await ledger.getRun(run);
        if (view !== undefined && view.state !== 'running') return view;
        if (performance.now() > end) {
          const open = (await ledger.deliveriesOf([run])).filter(({ state }) => state !== 'done');
          throw new Error(`the run is not settled after ${timeoutMs} ms: ${JSON.stringify(open)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      await platform.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
