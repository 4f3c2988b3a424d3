import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import type { Dependencies, FunctionInput } from '#shared/function';
import type { Pushes } from '#shared/notifications';
import { createOutbound } from '#shared/outbound';
import { createPushKey, createWebPush } from '#shared/push';
import { openBrowser } from '../../../test/push-browser.ts';
import definition from './function.ts';

type Event = 'push.requested';
const { example } = eventCatalogue['push.requested'];
let answer: { status: number; headers: Record<string, string> } = { status: 201, headers: {} };
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(answer.status, answer.headers).end());
});
let endpoint = '';
let keysFolder = '';
beforeAll(async () => {
  keysFolder = await mkdtemp(join(tmpdir(), 'millrace push '));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await rm(keysFolder, { recursive: true, force: true });
});

/** What was asked of the database, and the reply. */
async function run({ attempt = 1, due = true, allow = ['127.0.0.1'] } = {}) {
  const { keys } = openBrowser();
  const pushes: Pushes = {
    due: async () => (due ? { endpoint, keys, message: '{"title":"a"}' } : undefined),
  };
  const key = createPushKey({ keysFolder, clock: { now: () => new Date() } });
  const outcome = await definition.handle(
    {
      run: { id: 'r', owner: 'alice', title: '' },
      delivery: { id: 'd', attempt, key: undefined },
      one: () => ({ id: 'e', type: 'push.requested', key: undefined, data: example }),
    } as unknown as FunctionInput<Event>,
    {
      pushes,
      webPush: createWebPush({ key, outbound: createOutbound({ allow }) }),
      signal: new AbortController().signal,
      log: { info: () => undefined, warn: () => undefined },
    } as unknown as Dependencies<'pushes' | 'webPush'>,
  );
  const statements: string[] = [];
  const written = await outcome.write?.({
    query: async (text) => {
      statements.push(text.trim().split(' ')[0] ?? '');
      return [];
    },
  });
  return { reply: written?.reply ?? outcome.reply, statements };
}

describe('a push', () => {
  it.each([
    [201, 'taken', ['update']],
    [202, 'taken', ['update']],
    [404, 'gone', ['update', 'delete']],
    [410, 'gone', ['update', 'delete']],
    [400, 'refused', ['update', 'delete']],
    [302, 'refused', ['update', 'delete']],
  ])('that is answered %i is %s', async (status, state, statements) => {
    answer = { status, headers: { location: 'http://127.0.0.1:1/' } };
    expect(await run()).toEqual({ reply: { state }, statements });
  });

  it.each([
    [429, { 'retry-after': '3600' }, 3_600_000],
    [429, { 'retry-after': '9999999999' }, 10_000],
    [503, {}, 10_000],
    [500, { 'retry-after': 'soon' }, 10_000],
  ])('that is answered %i with %j comes again', async (status, headers, retryAfterMs) => {
    answer = { status, headers: headers as Record<string, string> };
    await expect(run()).rejects.toMatchObject({ kind: 'transient', code: 'push-later', retryAfterMs });
    // Given up at last: nobody has to mend anything.
    expect(await run({ attempt: 4 })).toEqual({
      reply: { state: 'given-up' },
      statements: ['update', 'delete'],
    });
  });

  it('into a network that is not public is refused', async () => {
    expect(await run({ allow: [] })).toMatchObject({ reply: { state: 'refused' } });
  });

  it('of what is read is none', async () => {
    expect(await run({ due: false })).toEqual({ reply: { state: 'read-or-gone' }, statements: [] });
  });
});
