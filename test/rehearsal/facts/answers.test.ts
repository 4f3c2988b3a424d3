import { describe, expect, it } from 'vitest';
import { createWorld, everything, post, type Reaction } from './world.ts';

const structured = { 'content-type': 'application/cloudevents+json' };
const event = { specversion: '1.0', id: 'r', source: 'urn:reply', type: 'reply' };
const binary = { 'ce-specversion': '1.0', 'ce-id': 'r', 'ce-source': 'urn:reply', 'ce-type': 'reply' };
const { 'ce-id': _, ...withoutId } = binary;

/** What comes of an event whose subscriber answers so. */
async function outcome(reaction: Reaction) {
  const { clock, broker, subscriber } = createWorld();
  const letters = await subscriber();
  const answering = await subscriber(({ headers }) =>
    headers['ce-type'] === 'test' ? reaction : { status: 202 },
  );
  const replied = await subscriber();
  const { subscribe, url, counts } = await broker();
  subscribe({
    ...everything(answering, { retry: 1, deadLetterSink: { uri: letters.url } }),
    filter: { attributes: { type: 'test' } },
  });
  subscribe({ ...everything(replied), filter: { attributes: { type: 'reply' } } });
  const posting = clock.through(post(url)).catch(() => 0);
  const status = await posting;
  return { status, counts, clock, url, answering, letters: letters.requests, replies: replied.requests };
}

describe('a 2xx', () => {
  it.each<[string, Reaction]>([
    ['200 and nothing', { status: 200 }],
    ['202 and nothing', { status: 202 }],
    ['204', { status: 204 }],
  ])('is what it says: %s', async (_name, reaction) => {
    const { status, answering, letters } = await outcome(reaction);
    expect([status, answering.requests.length, letters.length]).toEqual([202, 1, 0]);
  });

  it.each<[string, Reaction]>([
    ['some JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }],
    ['a word', { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' }],
    ['an event without an id', { status: 200, headers: withoutId }],
    ['an event of a name with a dash', { status: 200, headers: { ...binary, 'ce-my-word': 'x' } }],
    [
      'a batch',
      { status: 200, headers: { 'content-type': 'application/cloudevents-batch+json' }, body: '[]' },
    ],
    [
      'data of a type that it does not say',
      { status: 200, headers: structured, body: JSON.stringify({ ...event, data: {} }) },
    ],
  ])(
    'that holds %s is a failure, sent again, and a dead letter without a reason',
    async (_name, reaction) => {
      const { answering, letters, replies } = await outcome(reaction);
      expect([answering.requests.length, letters.length, replies.length]).toEqual([2, 1, 0]);
      expect(
        Object.keys(letters[0]?.headers ?? {}).filter((name) => name.startsWith('ce-knativeerror')),
      ).toEqual([]);
    },
  );

  it.each<[string, Reaction]>([
    ['in binary mode', { status: 200, headers: binary }],
    [
      'in structured mode',
      {
        status: 200,
        headers: structured,
        body: JSON.stringify({ ...event, datacontenttype: 'application/json', data: { a: 1 } }),
      },
    ],
  ])('that holds an event, %s, posts it to the broker', async (_name, reaction) => {
    const { status, letters, replies } = await outcome(reaction);
    expect([status, letters.length, replies.length]).toEqual([202, 0, 1]);
  });

  it('by functions that answer each other never ends by itself', async () => {
    const { broker, subscriber } = createWorld();
    const again = await subscriber((_request, count) =>
      count > 258 ? { status: 202 } : { status: 200, headers: binary },
    );
    const { subscribe, url } = await broker();
    subscribe(everything(again));
    await post(url);
    expect(again.requests).toHaveLength(259);
  });
});

describe('a redirect', () => {
  it.each([301, 302])('%i is followed as GET without a body, and the event is gone', async (status) => {
    const { broker, subscriber } = createWorld();
    const elsewhere = await subscriber(() => ({ status: 200 }));
    const moved = await subscriber(() => ({ status, headers: { location: elsewhere.url } }));
    const { subscribe, url } = await broker();
    subscribe(everything(moved));
    expect(await post(url, { body: 'precious' })).toBe(202);
    expect(elsewhere.requests).toMatchObject([{ method: 'GET', body: '' }]);
    expect(moved.requests).toHaveLength(1);
  });
});

describe('a dead letter', () => {
  it('tells whose fault it is, and what was answered', async () => {
    const { answering, letters } = await outcome({ status: 422, body: 'no thanks' });
    expect(letters[0]?.headers).toMatchObject({
      'ce-type': 'test',
      'ce-knativeerrordest': answering.url,
      'ce-knativeerrorcode': '422',
      'ce-knativeerrordata': Buffer.from('no thanks').toString('base64'),
    });
  });

  it('holds an answer of 768 bytes', async () => {
    const { status, counts, letters } = await outcome({ status: 400, body: 'x'.repeat(768) });
    expect([status, counts.panics, letters.length]).toEqual([202, 0, 1]);
  });

  it('of an answer of 769 bytes kills the dispatcher, with all that it holds, until it is started again', async () => {
    const { clock, broker, subscriber } = createWorld();
    const letters = await subscriber();
    const talkative = await subscriber(() => ({ status: 400, body: 'x'.repeat(769) }));
    const patient = await subscriber(() => 'hang');
    const { subscribe, url, counts } = await broker({ asynchronous: true });
    const only = (type: string) => ({ filter: { attributes: { type } } });
    subscribe({ ...everything(patient, { retry: 3 }), ...only('other') });
    subscribe({ ...everything(talkative, { deadLetterSink: { uri: letters.url } }), ...only('test') });
    await post(url, { headers: { 'ce-type': 'other' } });
    await post(url).catch(() => 0);
    await clock.sleeping(1_000);
    expect(counts.panics).toBe(1);
    await expect(post(url)).rejects.toThrow();
    await clock.advance(1_000);
    while ((await post(url, { headers: { 'ce-type': 'none' } }).catch(() => 0)) !== 202);
    expect([letters.requests.length, patient.requests.length]).toEqual([0, 1]);
  });

  it('is needed for that: without a sink the same answer only loses its event', async () => {
    const { broker, subscriber } = createWorld();
    const { subscribe, url, counts } = await broker();
    subscribe(everything(await subscriber(() => ({ status: 400, body: 'x'.repeat(769) }))));
    expect(await post(url)).toBe(500);
    expect(counts.panics).toBe(0);
  });
});
