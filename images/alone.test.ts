import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { newRunId } from '#shared/ledger';
import { createMedia, findFfmpeg } from '#shared/media';
import { readTopology } from '#shared/topology';
import { tone } from '../test/given-media.ts';
import { openStage, type Stage, wakeUp } from './testing/stage.ts';

const { functions, profiles } = readTopology({
  path: fileURLToPath(new URL('../events.yaml', import.meta.url)),
});
const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 6, language: 'en' } as const;

describe('bundles with nothing around them, as another user, on a root that nothing can be written to', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 600_000);
  afterAll(() => stage?.close());

  it('a light one is small', () => {
    const light = stage.topology.functions.filter(({ profile }) => profile === 'light');
    expect(light.length).toBeGreaterThan(0);
    for (const { name } of light) {
      const { codeBytes, bytes, packages } = stage.bundles.get(name) ?? {};
      expect(codeBytes, name).toBeLessThan(1_500_000);
      expect(bytes, name).toBeLessThan(2_000_000);
      expect(packages, name).toEqual([]);
    }
  });

  it('make a video together', async () => {
    const data = eventCatalogue['pipeline.started'].data.parse({ settings, topic: 'The octopus' });
    const run = await stage.begin('video', { type: 'pipeline.started', data });
    expect(await stage.work(run)).toBe('completed');
    const video = stage.store.localPath?.(`output/${run}/video.mp4`) ?? '';
    const media = createMedia({ ffmpeg: (await findFfmpeg()).path });
    const probed = await media.probe({ path: video, signal: AbortSignal.timeout(30_000) });
    expect(probed).toMatchObject({ video: { width: 320, height: 180 }, audio: { sampleRate: 48_000 } });
  }, 600_000);

  it('read a script of the inbox', async () => {
    const artifact = await stage.artifact('hearts.json', JSON.stringify({ topic: 'Hearts', seconds: 5 }));
    const data = eventCatalogue['script.uploaded'].data.parse({ path: 'scripts/me/hearts.json', artifact });
    const run = await stage.begin('dropped-video', { type: 'script.uploaded', data });
    await stage.work(run, { until: ['keyword-fetch'] });
    expect(await stage.due(run)).toMatchObject([{ function: 'keyword-fetch' }]);
    await stage.fixture.ledger.cancelRun({ run });
  });

  it('tidy up by the hour', async () => {
    await stage.fixture.housekeeping.tick();
    await stage.fixture.shiftClock('1 hour');
    await stage.fixture.housekeeping.tick();
    const [tick] = await stage.fixture.rows<{ run: string }>(
      `select run from ledger.delivery where function = 'expire-runs'`,
    );
    expect(await stage.work(tick?.run ?? '')).toBe('completed');
  });

  it('make given sound and pictures into a video', async () => {
    const canvas = (await import('@napi-rs/canvas')).createCanvas(320, 200);
    const picture = await stage.artifact('a.png', await canvas.encode('png'));
    const audio = await stage.artifact('sound.wav', tone(2));
    const data = eventCatalogue['pipeline.assembly.requested'].data.parse({
      ...{ settings, title: 'A box', audio, pictures: [picture] },
    });
    const run = await stage.begin('assembly', { type: 'pipeline.assembly.requested', data });
    expect(await stage.work(run)).toBe('completed');
  }, 120_000);

  it('ended well, all of them, when they were told to', async () => {
    const codes = await stage.stop();
    expect(codes.length).toBeGreaterThan(5);
    expect(new Set(codes)).toEqual(new Set([0]));
  });

  it.each(functions.map(({ name, profile }) => [name, profiles[profile]?.run]))(
    '%s, a %s, starts alone, reaches its ledger, takes a wake-up for nobody, and ends well',
    async (name, run) => {
      const nobody = wakeUp(newRunId(), name);
      if (run === 'job') {
        const { code, complaints } = await (await stage.job(name, nobody)).ended;
        expect([code, complaints]).toEqual([0, '']);
        return;
      }
      const address = await stage.serve(name);
      const ready = await fetch(new URL('/ready', address));
      expect([ready.status, await ready.text()]).toEqual([200, expect.any(String)]);
      const headers = { 'content-type': 'application/cloudevents+json' };
      const answer = await fetch(address, { method: 'POST', headers, body: nobody });
      expect([answer.status, await answer.text()]).toEqual([202, expect.any(String)]);
      expect(await stage.stop()).toEqual([0]);
    },
    180_000,
  );
});
