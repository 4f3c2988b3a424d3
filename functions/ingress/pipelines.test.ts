import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Pipeline, pipeline, pipelineList } from './schemas/pipeline.ts';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

const read = async (as: string, id: string): Promise<Pipeline> => {
  const answer = await door.ask(`/api/pipelines/${id}`, { as });
  expect(answer.status).toBe(200);
  return pipeline.parse(await answer.json());
};

describe('POST /api/pipelines', () => {
  test('a topic is accepted, with defaults filled in and a place to read it', async () => {
    const answer = await door.ask('/api/pipelines', { as: 'alice', body: { topic: '  Why bees dance ' } });
    expect(answer.status).toBe(202);
    const made = pipeline.parse(await answer.json());
    expect(answer.headers.get('location')).toBe(`/api/pipelines/${made.id}`);
    expect(made).toMatchObject({
      title: 'Why bees dance',
      status: 'queued',
      progress: 0,
      artifacts: [],
      request: { topic: 'Why bees dance', format: 'long', size: '1920x1080', seconds: 60, language: 'en' },
      links: { self: `/api/pipelines/${made.id}`, cancel: `/api/pipelines/${made.id}/cancel` },
    });
    expect(made.steps.map(({ name, status }) => [name, status])).toEqual([
      ['keyword-fetch', 'queued'],
      ['generate-script', 'waiting'],
      ['render-tts', 'waiting'],
      ['generate-image', 'waiting'],
      ['make-thumbnail', 'waiting'],
      ['render-scene', 'waiting'],
      ['mux-video', 'waiting'],
      ['build-metadata', 'waiting'],
      ['place-video', 'waiting'],
    ]);
    expect(await read('alice', made.id)).toEqual(made);
  });

  test.each([
    [{ format: 'short' }, { format: 'short', size: '1080x1920' }],
    [{ format: 'square' }, { format: 'square', size: '1080x1080' }],
    [{ size: '320x180' }, { format: 'long', size: '320x180' }],
    [{ size: '180x320' }, { format: 'short', size: '180x320' }],
    [
      { size: '500x500', format: 'square' },
      { format: 'square', size: '500x500' },
    ],
    [{ size: '3840x2160' }, { format: 'long', size: '3840x2160' }],
    [
      { seconds: 3600, language: 'EN-gb' },
      { seconds: 3600, language: 'en-GB' },
    ],
    [
      { seconds: 5.5, title: 'Hearts', voice: 'slt' },
      { seconds: 5.5, title: 'Hearts', voice: 'slt' },
    ],
  ])('%j becomes %j', async (asked, understood) => {
    const id = await door.start('alice', { topic: 'Octopuses', ...asked });
    expect((await read('alice', id)).request).toMatchObject(understood);
  });

  test('a script is stored before its event names it, byte for byte', async () => {
    const script = '# Drei Herzen\n\nEin Oktopus hat drei Herzen. 🐙\r\n';
    const id = await door.start('alice', { script });
    const { input } = (await door.fixture.ledger.getRun(id)) ?? {};
    const { script: reference } = input as { script: { key: string; bytes: number } };
    const stored = await (await door.artifacts.get(reference.key)).toArray();
    expect(Buffer.concat(stored).toString()).toBe(script);
    expect(reference.bytes).toBe(Buffer.byteLength(script));
    expect((await read('alice', id)).title).toBe('Drei Herzen');
  });

  test('a script of exactly 200 KB is taken', async () => {
    const answer = await door.ask('/api/pipelines', { as: 'alice', body: { script: 'a'.repeat(204_800) } });
    expect(answer.status).toBe(202);
  });

  test('the same Idempotency-Key is the same pipeline, ten times at once, and another body is a conflict', async () => {
    const headers = { 'idempotency-key': '"8e03978e-40d5"' };
    const send = (body: object, as = 'alice') => door.ask('/api/pipelines', { as, headers, body });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send({ script: 'One heart.', seconds: 10 })),
    );
    const ids = await Promise.all(answers.map(async (answer) => pipeline.parse(await answer.json()).id));
    expect(new Set(ids).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(9);
    // The order of the fields is no other request.
    expect((await send({ seconds: 10, script: 'One heart.' })).status).toBe(202);

    const other = await send({ script: 'Two hearts.', seconds: 10 });
    expect(other.status).toBe(409);
    expect(await problemIn(other)).toMatchObject({ code: 'idempotency-key-reused' });
    // The refused request has neither replaced nor left a script.
    const inputs = await door.artifacts.list(`runs/${ids[0]}/input/`);
    expect(inputs.objects.map(({ bytes }) => bytes)).toEqual(['One heart.'.length]);

    // Somebody else's key is somebody else's pipeline.
    const bobs = pipeline.parse(await (await send({ script: 'One heart.', seconds: 10 }, 'bob')).json());
    expect(bobs.id).not.toBe(ids[0]);
  });

  test('two bodies that race for one key: one wins, the other is a conflict, nothing is left of it', async () => {
    const sources: readonly object[][] = [
      [{ script: 'Red hearts.' }, { script: 'Blue hearts.' }],
      [{ topic: 'Red hearts' }, { topic: 'Blue hearts' }],
      [{ topic: 'Red hearts' }, { script: 'Blue hearts.' }],
    ];
    for (let round = 0; round < 12; round++) {
      const [red = {}, blue = {}] = sources[round % sources.length] ?? [];
      const headers = { 'idempotency-key': `race-${round}` };
      const answers = await Promise.all(
        Array.from({ length: 8 }, async (_, at) => {
          const answer = await door.ask('/api/pipelines', {
            as: 'racer',
            headers,
            body: at % 2 === 0 ? red : blue,
          });
          return { at, status: answer.status, said: (await answer.json()) as { id?: string; code?: string } };
        }),
      );
      const taken = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status === 409);
      expect([taken.length, refused.length]).toEqual([4, 4]);
      expect(new Set(taken.map(({ at }) => at % 2)).size).toBe(1);
      const [id = '', ...others] = new Set(taken.map(({ said }) => said.id));
      expect(others).toEqual([]);
      expect(new Set(refused.map(({ said }) => said.code))).toEqual(new Set(['idempotency-key-reused']));
      const inputs = (await door.artifacts.list(`runs/${id}/input/`)).objects;
      const { input } = (await door.fixture.ledger.getRun(id)) ?? {};
      const { script } = input as { script?: { key: string } };
      expect(inputs.map(({ key }) => key)).toEqual(script === undefined ? [] : [script.key]);
    }
  });

  test('a refused request does not use its key up; another operation’s key is another key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const send = (path: string, body: object) => door.ask(path, { as: 'kim', headers, body });
    expect((await send('/api/pipelines', { topic: 'Bees', format: 'tall' })).status).toBe(400);
    const made = await send('/api/pipelines', { topic: 'Bees' });
    expect([made.status, made.headers.get('idempotency-replayed')]).toEqual([202, null]);
    const other = await send('/orchestrator/start', { topic: 'Bees' });
    expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([202, null]);
    const [one, two] = [pipeline.parse(await made.json()), pipeline.parse(await other.json())];
    expect(one.id).not.toBe(two.id);
    // What became of it since does not change whose key it is.
    await door.ask(`/api/pipelines/${one.id}/cancel`, { as: 'kim', method: 'POST' });
    const again = await send('/api/pipelines', { topic: 'Bees' });
    expect(pipeline.parse(await again.json())).toMatchObject({ id: one.id, status: 'cancelled' });
  });

  test('when the ledger refuses, the script goes again', async () => {
    const { ledger, artifacts } = door.options;
    let run = '';
    const failing = await openFrontDoor({
      artifacts,
      ledger: {
        ...ledger,
        publish: async (request) => {
          run = request.run.id;
          throw Object.assign(new Error('connection lost'), { code: '08006' });
        },
      },
    });
    const answer = await failing.ask('/api/pipelines', { as: 'alice', body: { script: 'Three hearts.' } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(await problemIn(answer)).toMatchObject({ code: 'ledger-unreachable' });
    expect((await artifacts.list(`runs/${run}/`)).objects).toEqual([]);
    await failing.close();
  });

  test('the caller’s trace goes on in the events', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await door.ask('/api/pipelines', {
      as: 'alice',
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01`, 'x-request-id': 'my-request.1' },
      body: { topic: 'Octopuses' },
    });
    const { id } = pipeline.parse(await answer.json());
    const [event] = await door.fixture.rows<{ traceparent: string }>(
      'select traceparent from ledger.event where run = $1',
      [id],
    );
    expect(event?.traceparent).toContain(trace);
    expect(answer.headers.get('x-request-id')).toBe('my-request.1');
    const line = door.lines.map((text) => JSON.parse(text)).find(({ request }) => request === 'my-request.1');
    expect(line).toMatchObject({ trace, route: '/api/pipelines', status: 202, method: 'POST' });
  });
});

describe('GET /api/pipelines', () => {
  test('pages by keyset, newest first, filtered by status and label, one’s own only', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.unshift(
        await door.start('erin', { topic: `Topic ${n}`, labels: { series: n % 2 === 0 ? 'even' : 'odd' } }),
      );
    }
    await door.start('frank');
    const list = async (path: string) => {
      const answer = await door.ask(path, { as: 'erin' });
      expect(answer.status).toBe(200);
      return { ...pipelineList.parse(await answer.json()), link: answer.headers.get('link') };
    };
    const idsOf = (page: { pipelines: Pipeline[] }) => page.pipelines.map(({ id }) => id);

    const one = await list('/api/pipelines?limit=2');
    expect(one.link).toBe(`<${one.links.next}>; rel="next"`);
    await door.start('erin', { topic: 'Added meanwhile', labels: { series: 'late' } });
    const two = await list(one.links.next ?? '');
    const three = await list(two.links.next ?? '');
    expect([one, two, three].flatMap(idsOf)).toEqual(ids);
    expect(three.links.next).toBeUndefined();
    expect(three.link).toBeNull();

    expect(idsOf(await list('/api/pipelines?label=series:even'))).toEqual([ids[0], ids[2], ids[4]]);
    await door.ask(`/api/pipelines/${ids[1]}/cancel`, { as: 'erin', method: 'POST' });
    expect(idsOf(await list('/api/pipelines?status=cancelled'))).toEqual([ids[1]]);
    expect(idsOf(await list('/api/pipelines?status=queued&label=series:odd'))).toEqual([ids[3]]);
    expect(idsOf(await list('/api/pipelines?status=running&limit=1'))).toEqual([]);
  });
});
