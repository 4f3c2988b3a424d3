import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { MillraceError, toFailure } from '#shared/errors';
import { createLog } from '#shared/telemetry';
import { type Answer, ask, createPeers, good, says, status } from './testing/model-peer.ts';

const { startPeer, close } = createPeers();
afterEach(close);

describe('a peer that fails', () => {
  it.each([
    [401, { kind: 'permanent', code: 'model-refused' }, {}],
    [404, { kind: 'permanent', code: 'model-refused' }, {}],
    [429, { kind: 'transient', code: 'model-busy', retryAfterMs: 7_000 }, { 'retry-after': '7' }],
    [429, { kind: 'transient', code: 'model-busy' }, {}],
    [500, { kind: 'transient', code: 'model-unavailable' }, {}],
    [503, { kind: 'transient', code: 'model-unavailable', retryAfterMs: 2_000 }, { 'retry-after': '2' }],
  ])('%i', async (code, expected, headers) => {
    const peer = await startPeer(status(code, 'no', headers));
    await expect(ask(peer)).rejects.toMatchObject(expected);
    expect(peer.asked).toHaveLength(1);
  });

  it('says nothing of the key in its message', async () => {
    const peer = await startPeer(status(401, 'Incorrect API key provided: a-key'));
    const error: unknown = await ask(peer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model-refused' });
    expect(String(error)).not.toContain('a-key');
  });

  it('hangs: transient after the time limit, its connection closed', async () => {
    const peer = await startPeer(() => undefined);
    await expect(ask(peer, { timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'transient',
      code: 'model-timeout',
    });
    await expect.poll(peer.closed).toBe(1);
  });

  it('hangs after the first bytes: the same', async () => {
    const peer = await startPeer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
    });
    await expect(ask(peer, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'model-timeout' });
    await expect.poll(peer.closed).toBe(1);
  });

  it('is there no more: transient', async () => {
    const peer = await startPeer();
    close();
    await expect(ask(peer)).rejects.toMatchObject({ kind: 'transient', code: 'model-unavailable' });
  });

  it('redirects: not followed', async () => {
    const peer = await startPeer(status(302, 'elsewhere', { location: 'http://127.0.0.1:1/' }));
    await expect(ask(peer)).rejects.toMatchObject({ code: expect.stringMatching(/^model-/) });
    expect(peer.asked).toHaveLength(1);
  });

  it.each([
    ['HTML', '<html>hello</html>', 'text/html'],
    ['other JSON', '{"hello":1}', 'application/json'],
    ['nothing', '', 'application/json'],
  ])('speaks another protocol: %s', async (_, body, type) => {
    const peer = await startPeer((response) => response.writeHead(200, { 'content-type': type }).end(body));
    await expect(ask(peer)).rejects.toMatchObject({ code: expect.stringMatching(/^model-/) });
  });

  it('sends without end: read no further than a script can be long', async () => {
    let sent = 0;
    const peer = await startPeer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"choices":[{"message":{"content":"');
      const chunk = 'a'.repeat(256 * 1024);
      const pour = (): void => {
        while (!response.destroyed && sent < 200_000_000) {
          sent += chunk.length;
          if (!response.write(chunk)) break;
        }
      };
      response.on('drain', pour);
      pour();
    });
    await expect(ask(peer)).rejects.toMatchObject({ kind: 'permanent', code: 'model-answer-too-large' });
    await expect.poll(peer.closed).toBe(1);
    expect(sent).toBeLessThan(50_000_000);
  });
});

describe('cancel', () => {
  it('before the question asks nothing', async () => {
    const peer = await startPeer(says(good));
    const reason = new Error('cancelled by its owner');
    await expect(ask(peer, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(peer.asked).toHaveLength(0);
  });

  it('in the middle of an answer ends at once with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by its owner');
    const peer = await startPeer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
      setTimeout(() => controller.abort(reason), 50);
    });
    await expect(ask(peer, {}, { signal: controller.signal })).rejects.toBe(reason);
    await expect.poll(peer.closed).toBe(1);
  });
});

describe('the key and the peer’s answer', () => {
  const apiKey = 'sk-very-secret-0123456789abcdef';
  const body = 'a page of the peer that is nobody’s business';
  const answers: readonly [string, () => Answer][] = [
    ['a refusal that repeats it', () => status(401, `Incorrect API key provided: ${apiKey}`)],
    ['a refusal that repeats it across the cut', () => status(400, `${'x'.repeat(185)}${apiKey}`)],
    [
      'a refusal that repeats it in base64',
      () => status(403, `Basic ${Buffer.from(apiKey).toString('base64')}`),
    ],
    ['a refusal with headers', () => status(429, 'Slow down', { 'set-cookie': apiKey, 'x-key': apiKey })],
    ['an answer that is none', () => (response) => void response.end(`<html>${apiKey} ${body}</html>`)],
    ['a fault', () => status(500, `upstream said ${apiKey}`)],
  ];
  it.each(answers)('%s: neither is in what is kept, nor in what is logged', async (_what, answer) => {
    const peer = await startPeer(answer());
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const error: unknown = await ask(peer, { apiKey }).catch((thrown: unknown) => thrown);
    log.warn({ error }, 'failed');
    const everything = `${lines.join('')}${JSON.stringify(toFailure(error))}${inspect(error, { depth: 20, showHidden: true })}`;
    expect(error).toBeInstanceOf(MillraceError);
    for (const secret of [
      apiKey,
      apiKey.slice(0, 14),
      Buffer.from(apiKey).toString('base64'),
      body,
      'requestBodyValues',
    ])
      expect(everything).not.toContain(secret);
  });

  it('an answer that holds the key makes a script without it', async () => {
    const peer = await startPeer(says(good.replace('Rain wears', `Rain, ${apiKey}, wears`)));
    expect(JSON.stringify(await ask(peer, { apiKey }))).not.toContain(apiKey);
  });
});
