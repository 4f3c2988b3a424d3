import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { type EventType, eventCatalogue, exampleArtifact } from '#shared/events';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
afterAll(() => door.close());

interface Answer {
  id: string;
  flow: string;
  status: string;
  steps: { name: string; status: string }[];
  result?: Record<string, unknown>;
  links: { self: string };
}

const TOPIC = 'Why octopuses have three hearts';
const example = (type: EventType, more: object = {}) => ({
  type,
  data: { ...eventCatalogue[type].example, ...more },
});
/** Does a function's work once its delivery is there. */
async function soon(...request: Parameters<typeof door.work>): ReturnType<typeof door.work> {
  for (let tries = 0; ; tries++) {
    const fn = request[0];
    const due = await door.fixture.rows(`select from ledger.delivery where function = $1 and state = 'due'`, [
      fn,
    ]);
    if (due.length > 0 || tries > 200) return await door.work(...request);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
const ask = async (path: string, body: object, headers: Record<string, string> = {}) =>
  await door.ask(path, { as: 'alice', body, headers });

describe('a single call is a run of its own', () => {
  test('202 with Location; it holds its function alone; the result is read when it is done', async () => {
    const started = await ask('/keywords/fetch', { topic: TOPIC });
    expect(started.status).toBe(202);
    const run = (await started.json()) as Answer;
    expect(started.headers.get('location')).toBe(`/api/pipelines/${run.id}`);
    expect(run).toMatchObject({ flow: 'keywords', status: 'queued' });
    expect(run.steps.map(({ name }) => name)).toEqual(['keyword-fetch']);
    await door.work('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
    const done = (await (await door.ask(run.links.self, { as: 'alice' })).json()) as Answer;
    expect(done).toMatchObject({
      status: 'completed',
      result: { subject: 'octopus hearts', keywords: [{ term: 'octopus heart', score: 1 }] },
    });
    expect(done.steps).toHaveLength(1);
    expect((await door.ask(run.links.self, { as: 'bob' })).status).toBe(404);
  });

  test('Prefer: wait answers 200 with the result, and 202 when the time is over', async () => {
    const waiting = ask('/keywords/fetch', { topic: 'Why bees dance' }, { prefer: 'respond-async, wait=20' });
    await soon('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
    const answer = await waiting;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('preference-applied')).toBe('wait=20');
    expect(await answer.json()).toMatchObject({ status: 'completed', result: { subject: 'octopus hearts' } });
    const late = await ask('/keywords/fetch', { topic: 'Why birds sing' }, { prefer: 'wait=1' });
    expect(late.status).toBe(202);
    const { links } = (await late.json()) as Answer;
    const cancelled = await door.ask(`${links.self}/cancel`, { as: 'alice', method: 'POST' });
    expect(cancelled.status).toBeLessThan(300);
  });

  test('what fails while its caller waits is a problem that says why; it can be tried again', async () => {
    const waiting = ask('/tts/render', { text: 'An octopus has three hearts.' }, { prefer: 'wait=20' });
    await soon('render-tts', { failure: { code: 'nothing-to-say', message: 'There is nothing to say.' } });
    const answer = await waiting;
    expect(answer.status).toBe(422);
    const location = answer.headers.get('location') ?? '';
    expect(await problemIn(answer)).toMatchObject({
      code: 'nothing-to-say',
      detail: 'There is nothing to say.',
    });
    const run = location.replace('/api/pipelines/', '');
    const retried = await door.ask(`/orchestrator/retry/${run}/render-tts`, { as: 'alice', method: 'POST' });
    expect(retried.status).toBe(202);
    await door.work('render-tts', { events: [example('pipeline.audio.rendered')] });
    expect(await (await door.ask(location, { as: 'alice' })).json()).toMatchObject({
      status: 'completed',
      result: { voice: 'rms', durationSeconds: 61.4 },
    });
  });

  test('the same Idempotency-Key is the same run; another body is refused', async () => {
    const key = { 'idempotency-key': '"thumb-1"' };
    const first = (await (
      await ask('/thumbnails/generate', { title: 'Three hearts' }, key)
    ).json()) as Answer;
    const again = await ask('/thumbnails/generate', { title: 'Three hearts' }, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(((await again.json()) as Answer).id).toBe(first.id);
    expect((await ask('/thumbnails/generate', { title: 'Four hearts' }, key)).status).toBe(409);
    const claim = await door.work('make-thumbnail', { events: [example('pipeline.thumbnail.created')] });
    expect(claim.run).toBe(first.id);
    expect(claim.events[0]?.data).toMatchObject({ title: 'Three hearts', subject: 'Three hearts' });
  });

  test('a script needs its keywords first, and its result is the script itself', async () => {
    const run = (await (await ask('/scripts/generate', { topic: TOPIC, seconds: 20 })).json()) as Answer;
    expect(run.steps.map(({ name }) => name)).toEqual(['keyword-fetch', 'generate-script']);
    await door.work('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
    const script = { title: 'Three hearts', scenes: [] };
    const key = `runs/${run.id}/x/script.json`;
    const bytes = Buffer.from(JSON.stringify(script));
    await door.artifacts.put(key, bytes);
    const artifact = { ...exampleArtifact('script.json', 'application/json'), key, bytes: bytes.length };
    await door.work('generate-script', { events: [example('pipeline.script.generated', { artifact })] });
    expect(await (await door.ask(run.links.self, { as: 'alice' })).json()).toMatchObject({
      status: 'completed',
      result: script,
    });
  });

  test('metadata is written from the events of a video of one’s own', async () => {
    const pipeline = await door.start('alice');
    expect((await ask('/metadata/generate', { pipeline })).status).toBe(409);
    expect((await door.ask('/metadata/generate', { as: 'bob', body: { pipeline } })).status).toBe(404);
    await door.work('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
    await door.work('generate-script', {
      promises: { name: 'scene', keys: ['scene-001'] },
      events: [
        example('pipeline.script.generated'),
        example('pipeline.thumbnail.created'),
        example('pipeline.video.assembled'),
      ],
    });
    await door.ask(`/api/pipelines/${pipeline}/cancel`, { as: 'alice', method: 'POST' });
    const run = (await (await ask('/metadata/generate', { pipeline })).json()) as Answer;
    expect(run.steps.map(({ name }) => name)).toEqual(['build-metadata']);
    const claim = await door.work('build-metadata', { events: [] });
    expect(claim.run).toBe(run.id);
    expect(claim.events.map(({ type }) => type).sort()).toEqual(
      run.flow === 'metadata'
        ? [
            'pipeline.keywords.fetched',
            'pipeline.script.generated',
            'pipeline.thumbnail.created',
            'pipeline.video.assembled',
          ]
        : [],
    );
  });

  test('metadata is written of a given text, with its headings and the maker’s keywords', async () => {
    const script =
      '---\ntitle: Three hearts\n---\n\nOctopuses are odd.\n\n## The gills\n\nTwo hearts serve them.';
    const run = (await (await ask('/metadata/generate', { script, keywords: ['octopus'] })).json()) as Answer;
    expect(run).toMatchObject({ flow: 'text-metadata', title: 'Three hearts' });
    expect(run.steps.map(({ name }) => name)).toEqual(['build-metadata']);
    const claim = await door.work('build-metadata', { events: [] });
    expect(claim.run).toBe(run.id);
    const [event] = claim.events;
    expect(event).toMatchObject({ type: 'pipeline.metadata.requested', data: { keywords: ['octopus'] } });
    const { artifact } = eventCatalogue['pipeline.metadata.requested'].data.parse(event?.data);
    expect(JSON.parse(await text(await door.artifacts.get(artifact.key)))).toMatchObject({
      title: 'Three hearts',
      scenes: [
        { heading: 'Three hearts', narration: 'Octopuses are odd.' },
        { heading: 'The gills', narration: 'Two hearts serve them.' },
      ],
    });
  });

  test('keywords and scripts take the format and the voice of the video to come', async () => {
    expect((await ask('/keywords/fetch', { topic: TOPIC, format: 'short' })).status).toBe(202);
    const claim = await door.work('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
    expect(claim.events[0]?.data).toMatchObject({ settings: { format: 'short', width: 1080 } });
    expect((await ask('/scripts/generate', { topic: TOPIC, format: 'square', voice: 'slt' })).status).toBe(
      202,
    );
    const script = await door.work('keyword-fetch', { failure: { code: 'enough', message: 'Enough.' } });
    expect(script.events[0]?.data).toMatchObject({ settings: { format: 'square', voice: 'slt' } });
  });

  test('they are not among the videos, and are listed by their flow', async () => {
    const videos = (await (await door.ask('/api/pipelines', { as: 'alice' })).json()) as {
      pipelines: Answer[];
    };
    expect(videos.pipelines.every(({ flow }) => flow === 'video')).toBe(true);
    const calls = (await (await door.ask('/api/pipelines?flow=keywords', { as: 'alice' })).json()) as {
      pipelines: Answer[];
    };
    expect(calls.pipelines.length).toBeGreaterThan(2);
    expect(calls.pipelines.every(({ flow }) => flow === 'keywords')).toBe(true);
  });
});

describe('what a call refuses', () => {
  test.each([
    ['/keywords/fetch', {}, 'topic'],
    ['/keywords/fetch', { topic: TOPIC, script: 'Both.' }, 'script'],
    ['/keywords/fetch', { topic: TOPIC, colour: 'red' }, 'colour'],
    ['/scripts/generate', { topic: TOPIC, seconds: 1 }, 'seconds'],
    ['/tts/render', { text: '' }, 'text'],
    ['/tts/render', { text: 'Hello.', voice: 'bob' }, 'voice'],
    ['/thumbnails/generate', {}, 'title'],
    ['/videos/assemble', { audio: '/etc/passwd', pictures: [] }, 'audio'],
    ['/videos/assemble', { audio: '/api/v1/uploads/../../x', pictures: ['x'] }, 'audio'],
    ['/metadata/generate', { pipeline: 'x' }, 'pipeline'],
    ['/metadata/generate', {}, 'pipeline'],
    ['/metadata/generate', { pipeline: randomUUID(), script: 'Both.' }, 'script'],
    ['/metadata/generate', { pipeline: randomUUID(), title: 'Mine' }, 'title'],
    ['/metadata/generate', { script: '```js\ncode();\n```' }, 'script'],
  ])('%s %j: 400 that names %s', async (path, body, field) => {
    const problem = await problemIn(await ask(path, body));
    expect(problem).toMatchObject({ status: 400 });
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  test('sound and pictures of somebody else are not there', async () => {
    const pipeline = await door.start('carol');
    await door.work('keyword-fetch', {
      files: { 'sound.wav': { bytes: 'RIFF', type: 'audio/wav' } },
      events: [example('pipeline.keywords.fetched')],
    });
    const href = `/api/pipelines/${pipeline}/artifacts/sound.wav`;
    const body = { audio: href, pictures: [href] };
    expect(await problemIn(await ask('/videos/assemble', body))).toMatchObject({ code: 'reference-unknown' });
    await door.ask(`/api/pipelines/${pipeline}/cancel`, { as: 'carol', method: 'POST' });
    const own = await door.ask('/videos/assemble', { as: 'carol', body });
    expect(own.status).toBe(202);
    const { id } = (await own.json()) as Answer;
    const copies = await door.artifacts.list(`runs/${id}/input/`);
    expect(copies.objects.map(({ key }) => key.split('/').at(-1))).toEqual(['sound.wav']);
  });
});

describe('voices', () => {
  test('each has a sample that plays without a token', async () => {
    const { voices } = (await (await door.ask('/tts/voices', { as: 'alice' })).json()) as {
      voices: { id: string; language: string; sample: string }[];
    };
    expect(voices.map(({ id }) => id)).toContain('slt');
    const slt = voices.find(({ id }) => id === 'slt');
    const sample = await door.ask(slt?.sample ?? '');
    expect([sample.status, sample.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    const bytes = Buffer.from(await sample.arrayBuffer());
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
    const seconds = (bytes.length - 44) / 2 / bytes.readUInt32LE(24);
    expect(seconds).toBeGreaterThan(2);
    const loudest = Math.max(
      ...Array.from({ length: 20_000 }, (_, at) => Math.abs(bytes.readInt16LE(44 + at * 2))),
    );
    expect(loudest).toBeGreaterThan(1_000);
    expect((await door.ask('/tts/voices/slt/sample')).status).toBe(401);
    expect((await door.ask('/tts/voices/bob/sample', { as: 'alice' })).status).toBe(404);
  });
});

test('progress is counted in frames, with the speed and what is left', async () => {
  const pipeline = await door.start('dora');
  const at = `/videos/progress/${pipeline}`;
  expect(await (await door.ask(at, { as: 'dora' })).json()).toMatchObject({ stage: 'preparing', percent: 0 });
  await door.work('keyword-fetch', { events: [example('pipeline.keywords.fetched')] });
  const timeline = {
    fps: 30,
    totalFrames: 400,
    scenes: ['scene-001', 'scene-002'].map((key, index) => ({
      ...{ key, heading: key, words: [] },
      ...(index === 0 ? { startFrame: 0, frames: 100 } : { startFrame: 100, frames: 300 }),
    })),
  };
  const key = `runs/${pipeline}/x/timeline.json`;
  const bytes = Buffer.from(JSON.stringify(timeline));
  await door.artifacts.put(key, bytes);
  const ref = { ...exampleArtifact('timeline.json', 'application/json'), key, bytes: bytes.length };
  const scene = (name: string) => ({ ...example('scene.illustrated'), key: name });
  await door.work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001', 'scene-002'] },
    events: [
      example('pipeline.script.generated'),
      example('pipeline.audio.rendered', { timeline: ref }),
      scene('scene-001'),
    ],
  });
  await door.work('render-scene', { events: [{ ...example('scene.rendered'), key: 'scene-001' }] });
  const read = (await (await door.ask(at, { as: 'dora' })).json()) as {
    percent: number;
    remainingSeconds: number;
    speed: { framesPerSecond: number; realtime: number };
  };
  expect(read).toMatchObject({ stage: 'rendering', frames: { done: 100, total: 400 }, percent: 24 });
  expect(read.speed.framesPerSecond).toBeGreaterThan(0);
  expect(read.remainingSeconds).toBeGreaterThan(0);
  expect((await door.ask(at, { as: 'alice' })).status).toBe(404);
});
