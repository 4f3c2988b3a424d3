import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOfVideo } from './inspect-video.ts';
import {
  artifactOf,
  download,
  makeVideo,
  type Pipeline,
  productFile,
  readPipeline,
  settled,
  small,
  startPipeline,
  VIDEO_LIMIT_MS,
} from './pipelines.ts';
import { isFfmpeg, until } from './processes.ts';
import { filesUnder, type Product, startProduct } from './product.ts';
import { readCaptions } from './read-captions.ts';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product?.remove());

const filesOf = async ({ id }: { id: string }) =>
  (await filesUnder(join(product.dataDir, 'objects', 'artifacts'))).filter((path) => path.includes(id));

describe('a video over HTTP', () => {
  let pipeline: Pipeline;

  it(
    'is asked for by topic, followed by events to its end',
    async () => {
      const started = await startPipeline(product, { topic: 'Why octopuses have three hearts', ...small });
      const events = await follow(started.id);
      expect(events[0]?.name).toBe('snapshot');
      expect(events.at(-1)).toMatchObject({ name: 'end', data: { status: 'completed' } });
      const artifacts = events.filter(({ name }) => name === 'artifact').map(({ data }) => data.name);
      expect(artifacts).toEqual(expect.arrayContaining(['narration.wav', 'video.mp4', 'metadata.json']));
      const progress = events
        .filter(({ name }) => name === 'pipeline')
        .map(({ data }) => Number(data.progress));
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
      pipeline = await readPipeline(product, started.id);
      expect(pipeline).toMatchObject({ status: 'completed', progress: 100 });
      expect(pipeline.steps.filter(({ status }) => status !== 'completed')).toEqual([]);
    },
    VIDEO_LIMIT_MS,
  );

  it('is downloaded whole with a token, and by a signed link without one', async () => {
    for (const artifact of pipeline.artifacts) {
      const withToken = await bytesOf(product.ask(artifact.href));
      const byLink = await bytesOf(fetch(new URL(artifact.signedHref, product.url)));
      expect(withToken.equals(byLink)).toBe(true);
      expect(byLink.length).toBe(artifact.bytes);
      expect(createHash('sha256').update(byLink).digest('hex')).toBe(artifact.sha256);
    }
    const forged = artifactOf(pipeline, 'video.mp4').signedHref.replace(/signature=./, 'signature=_');
    expect((await fetch(new URL(forged, product.url))).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(new URL(artifactOf(pipeline, 'video.mp4').href, product.url))).status).toBe(401);
  });

  it('comes in parts to a player that seeks', async () => {
    const { signedHref, bytes } = artifactOf(pipeline, 'video.mp4');
    const answer = await fetch(new URL(signedHref, product.url), { headers: { range: 'bytes=4-7' } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes 4-7/${bytes}`);
    expect(await answer.text()).toBe('ftyp');
  });

  it('has a thumbnail, captions in both formats and metadata that tell of it', async () => {
    const thumbnail = await download(product, pipeline, 'thumbnail.jpg');
    expect(thumbnail.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const srt = readCaptions((await download(product, pipeline, 'captions.srt')).toString());
    expect(srt.length).toBeGreaterThan(0);
    const vtt = (await download(product, pipeline, 'captions.vtt')).toString();
    expect(vtt).toMatch(/^WEBVTT/);
    expect(readCaptions(vtt)).toEqual(srt);
    const metadata = JSON.parse((await download(product, pipeline, 'metadata.json')).toString());
    expect(metadata.title).toMatch(/octopus/i);
    expect(metadata.description.length).toBeGreaterThan(20);
    expect(metadata.tags).toEqual(expect.arrayContaining([expect.any(String)]));
  });

  it('stands under a plain path for people, the same bytes', async () => {
    const names = (await readdir(join(productFile(product, pipeline, 'video.mp4'), '..'))).sort();
    expect(names).toEqual(['captions.srt', 'captions.vtt', 'metadata.json', 'thumbnail.jpg', 'video.mp4']);
  });

  it('is hidden from everybody else', async () => {
    const { id } = pipeline;
    const paths = [
      `/api/pipelines/${id}`,
      `/api/pipelines/${id}/events`,
      `/api/pipelines/${id}/steps/mux-video`,
      artifactOf(pipeline, 'video.mp4').href,
      `/orchestrator/status/${id}`,
    ];
    for (const path of paths) expect((await product.ask(path, { as: 'bob' })).status, path).toBe(404);
    expect((await product.ask(`/api/pipelines/${id}/cancel`, { as: 'bob', method: 'POST' })).status).toBe(
      404,
    );
    expect((await product.ask(`/api/pipelines/${id}`, { as: 'bob', method: 'DELETE' })).status).toBe(404);
    const list = await product.ask('/api/pipelines', { as: 'bob' });
    expect(await list.json()).toMatchObject({ pipelines: [] });
    expect((await readPipeline(product, id)).status).toBe('completed');
  });

  it('is deleted with all its files', async () => {
    expect(await filesOf(pipeline)).not.toEqual([]);
    const answer = await product.ask(`/api/pipelines/${pipeline.id}`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(await filesOf(pipeline)).toEqual([]);
    expect((await product.ask(`/api/pipelines/${pipeline.id}`)).status).toBe(404);
  });
});

describe('the three formats', () => {
  it.each([
    { format: 'long', size: '480x270', width: 480, height: 270 },
    { format: 'short', size: '270x480', width: 270, height: 480 },
    { format: 'square', size: '320x320', width: 320, height: 320 },
  ] as const)(
    '$format, of a text of one’s own',
    async ({ format, size, width, height }) => {
      const script = '# Copper blood\n\nThe blood of an octopus is blue. It carries oxygen with copper.';
      const pipeline = await makeVideo(product, { script, format, size, seconds: 6 });
      expect(pipeline.request).toMatchObject({ format, size });
      const path = productFile(product, pipeline, 'video.mp4');
      expect(await faultsOfVideo({ path, width, height, seconds: 6 })).toEqual([]);
    },
    VIDEO_LIMIT_MS,
  );
});

describe('cancel', () => {
  it(
    'ends a running FFmpeg within a second and keeps what was made',
    async () => {
      const { id } = await startPipeline(product, {
        topic: 'Why octopuses have three hearts',
        size: '1920x1080',
        seconds: 12,
      });
      const ffmpeg = await until({
        what: 'FFmpeg renders',
        limitMs: 120_000,
        everyMs: 20,
        look: async () => {
          const { steps } = await readPipeline(product, id);
          const renders = steps.some(({ name, status }) => name === 'render-scene' && status === 'running');
          return renders && (await product.processes()).find(isFfmpeg);
        },
      });
      const answer = await product.ask(`/api/pipelines/${id}/cancel`, { method: 'POST' });
      expect(answer.status).toBe(202);
      await until({
        what: 'the end of FFmpeg',
        // A second, on a machine that has other things to do as well.
        limitMs: 5_000,
        look: async () => !(await product.processes()).some(isFfmpeg),
      });
      expect(ffmpeg.command).toContain(product.dataDir);

      const cancelled = await settled(product, id);
      expect(cancelled.status).toBe('cancelled');
      expect(cancelled.steps.map(({ status }) => status)).not.toContain('running');
      const made = cancelled.artifacts.map(({ name }) => name);
      expect(made).toEqual(expect.arrayContaining(['narration.wav', 'captions.srt', 'illustration.png']));
      expect(made).not.toContain('video.mp4');
      expect((await download(product, cancelled, 'narration.wav')).length).toBeGreaterThan(1_000);
      expect(await filesUnder(join(product.dataDir, 'work'))).toEqual([]);

      expect((await product.ask(`/api/pipelines/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect(await filesOf({ id })).toEqual([]);
    },
    VIDEO_LIMIT_MS,
  );
});

async function bytesOf(asked: Promise<Response>): Promise<Buffer> {
  const answer = await asked;
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

interface StreamedEvent {
  readonly name: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Everything that the stream says until the server ends it. */
async function follow(id: string): Promise<readonly StreamedEvent[]> {
  const answer = await product.ask(`/api/pipelines/${id}/events`, { limitMs: VIDEO_LIMIT_MS });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events: StreamedEvent[] = [];
  const stream = (answer.body ?? new ReadableStream())
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of stream) events.push({ name: event, data: JSON.parse(data) });
  return events;
}
