import { describe, expect, it } from 'vitest';
import type { FilterSpec } from '../data-plane/filter.ts';
import { createWorld, everything, post } from './world.ts';

const structured = (event: object) => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
  body: JSON.stringify(event),
});
const whole = { specversion: '1.0', id: 'a', source: 'urn:test', type: 'test' };

describe('what reaches a function', () => {
  it('are the event, traceparent and x-request-id, and no other header', async () => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker();
    subscribe(everything(one));
    const headers = {
      ...{ traceparent: '00-1-2-01', 'x-request-id': 'r1', 'ce-function': 'render-tts' },
      ...{ authorization: 'Bearer secret', cookie: 'a=b', 'x-mine': '1', 'content-type': 'text/plain' },
    };
    await post(url, { headers, body: 'words' });
    const [received] = one.requests;
    expect(received?.headers).toMatchObject({
      ...{ traceparent: '00-1-2-01', 'x-request-id': 'r1', 'ce-function': 'render-tts', 'ce-type': 'test' },
      'content-type': 'text/plain',
    });
    for (const name of ['authorization', 'cookie', 'x-mine'])
      expect(received?.headers).not.toHaveProperty(name);
    expect(received?.body).toBe('words');
  });

  it('is an event in the mode in which it was sent', async () => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker();
    subscribe(everything(one));
    const event = {
      ...whole,
      function: 'render-tts',
      datacontenttype: 'application/json',
      data: { a: [1, 'ü'] },
    };
    const answer = await fetch(url, { method: 'POST', ...structured(event) });
    expect(answer.status).toBe(202);
    expect(JSON.parse(one.requests[0]?.body ?? '')).toEqual(event);
  });
});

describe('an ingress', () => {
  it.each<[string, { headers: Record<string, string>; body?: string }]>([
    ['no id', structured({ ...whole, id: undefined })],
    ['an empty source', structured({ ...whole, source: '' })],
    ['a name with a dash', { headers: { 'ce-my-word': 'x' } }],
    ['a name in capitals', structured({ ...whole, runId: 'x' })],
    ['broken JSON', { headers: { 'content-type': 'application/cloudevents+json' }, body: '{' }],
    ['a list', { headers: { 'content-type': 'application/cloudevents+json' }, body: '[]' }],
    ['a batch', { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: '[]' }],
  ])('refuses an event with %s', async (_, { headers, body }) => {
    const { broker } = createWorld();
    const { url, counts } = await broker();
    expect(await post(url, { headers, ...(body === undefined ? {} : { body }) })).toBe(400);
    expect(counts.accepted).toBe(0);
  });

  it('knows only its own path, and POST', async () => {
    const { broker } = createWorld();
    const { url } = await broker({ path: '/millrace/millrace' });
    expect(await post(new URL('/', url).href)).toBe(404);
    expect((await fetch(url)).status).toBe(405);
    expect(await post(url)).toBe(202);
  });
});

describe('a filter', () => {
  it.each<[string, FilterSpec, Record<string, string>, boolean]>([
    ['nothing: everything', {}, {}, true],
    ['the same word', { filter: { attributes: { function: 'a' } } }, { 'ce-function': 'a' }, true],
    ['another word', { filter: { attributes: { function: 'a' } } }, { 'ce-function': 'b' }, false],
    ['a word that is not there', { filter: { attributes: { function: 'a' } } }, {}, false],
    [
      'an empty word, which means any',
      { filter: { attributes: { function: '' } } },
      { 'ce-function': 'b' },
      true,
    ],
    ['an empty word, and there is none', { filter: { attributes: { function: '' } } }, {}, false],
    [
      'two of which one is another',
      { filter: { attributes: { function: 'a', type: 'x' } } },
      { 'ce-function': 'a' },
      false,
    ],
    [
      'filters, which override it',
      { filter: { attributes: { function: 'a' } }, filters: [{ exact: { type: 'test' } }] },
      {},
      true,
    ],
    ['a beginning', { filters: [{ prefix: { type: 'te' } }] }, {}, true],
    ['an end', { filters: [{ suffix: { type: 'x' } }] }, {}, false],
  ])('of %s', async (_, filter, headers, wanted) => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker();
    subscribe({ ...everything(one), ...filter });
    await post(url, { headers });
    expect(one.requests).toHaveLength(wanted ? 1 : 0);
  });
});
