import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpCommands } from './http-commands.ts';
import { alice, type CommandStage, NOTHING, openCommandStage } from './testing/command-stage.ts';

let opened: CommandStage;
beforeAll(async () => {
  opened = await openCommandStage();
});
afterAll(() => opened?.close());
beforeEach(() => opened.clear());

describe('a command over http', () => {
  const post = (headers: Record<string, string>, body = '{"user":"carol"}') =>
    fetch(`${opened.server.url}/command`, {
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': '1',
        'ce-source': 's',
        'ce-type': 'user.follow',
        ...headers,
      },
      body,
    });

  it.each([
    ['no token', {}],
    ['a token of nobody', { authorization: 'Bearer mallory' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('is refused with %s', async (_, headers) => {
    expect((await post({ 'content-type': 'application/json', ...headers })).status).toBe(401);
    expect(await opened.traces()).toEqual(NOTHING);
  });

  it('is refused when it is no CloudEvent', async () => {
    const answer = await fetch(`${opened.server.url}/command`, {
      method: 'POST',
      headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
  });

  it('is answered 503 when its host is away, so that the caller may ask again with its key', async () => {
    const away = createHttpCommands({ urlOf: () => 'http://127.0.0.1:9', source: 's', timeoutMs: 1_000 });
    const request = { type: 'user.follow', data: {}, principal: alice };
    expect(await away.send(request)).toMatchObject({ status: 503, body: { code: 'command-host-away' } });
    expect(await opened.http.send({ ...request, type: 'user.nobody' })).toMatchObject({ status: 503 });
  });
});
