import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '#shared/config';
import { lockFolder } from '../data-folder/index.ts';
import { preflight } from './index.ts';

let dataDir = '';
let server: Server | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace preflight '));
});

afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const configOf = (environment: Record<string, string> = {}): Config =>
  loadConfig({ PORT: '0', DATA_DIR: join(dataDir, 'data'), ...environment });

async function takenPort(): Promise<number> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('preflight', () => {
  it('finds this machine fit, says what it found, and leaves nothing behind', async () => {
    const notes = (await preflight(configOf())).join(', ');
    expect(notes).toMatch(/Node \d+/);
    expect(notes).toMatch(/FFmpeg \S+ \(/);
    expect(notes).toMatch(/GiB free/);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('names the port, who holds it and another one', async () => {
    const port = await takenPort();
    await expect(preflight(configOf({ PORT: String(port) }))).rejects.toMatchObject({
      code: 'preflight-failed',
      message: expect.stringMatching(new RegExp(`Port ${port} is taken.*\\n.*PORT=\\d+ npm start`)),
    });
    if (process.platform === 'linux') {
      await expect(preflight(configOf({ PORT: String(port) }))).rejects.toThrow(`process ${process.pid}`);
    }
  });

  it.each([
    ['an address that is not ours', { PORT: '18080', HOST: '192.0.2.1' }, 'Set HOST to an address'],
    [
      'a Broker',
      { TRANSPORT: 'broker', BROKER_URL: 'http://127.0.0.1:1/broker' },
      'Choose TRANSPORT=postgres or sqs here',
    ],
    ['an FFmpeg that is not there', { FFMPEG_BIN: '/nowhere/ffmpeg' }, '/nowhere/ffmpeg'],
    ['a program that is no FFmpeg', { FFMPEG_BIN: process.execPath }, 'FFMPEG_BIN'],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' },
      'DATABASE_URL (127.0.0.1:1/x)',
    ],
  ])('refuses %s', async (_, environment, words) => {
    await expect(preflight(configOf(environment))).rejects.toThrow(words);
  });

  it('refuses a data folder where a file is in the way', async () => {
    await writeFile(join(dataDir, 'data'), '');
    await expect(preflight(configOf())).rejects.toThrow('a file is in the way');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'refuses a data folder of somebody else',
    async () => {
      await expect(preflight(configOf({ DATA_DIR: '/etc/millrace' }))).rejects.toThrow(
        'cannot be written to',
      );
    },
  );

  it('names all problems at once', async () => {
    const port = await takenPort();
    const failed = preflight(configOf({ PORT: String(port), FFMPEG_BIN: '/nowhere/ffmpeg' }));
    await expect(failed).rejects.toThrow(/nowhere[\s\S]*Port \d+ is taken/);
  });

  it('knows another instance of the same folder by its lock', async () => {
    const config = configOf();
    const lock = await lockFolder({ dataDir: config.dataDir, command: 'start' });
    // The instance is this very process, which may look at its own folder.
    await expect(preflight(config)).resolves.toBeDefined();
    await lock.release();
  });
});
