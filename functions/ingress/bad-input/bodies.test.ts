import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoErrors } from '../testing/expect-no-errors.ts';
import { type FrontDoor, openFrontDoor, problemIn } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const raw: Record<
  string,
  { body: string | undefined; type?: string; headers?: Record<string, string>; status: number; code: string }
> = {
  'no body': { body: undefined, type: 'application/json', status: 400, code: 'json-invalid' },
  blanks: { body: '   ', status: 400, code: 'json-invalid' },
  'half an object': { body: '{"topic": "Octo', status: 400, code: 'json-invalid' },
  'single quotes': { body: "{'topic': 'Octopuses'}", status: 400, code: 'json-invalid' },
  'a trailing comma': { body: '{"topic": "Octopuses",}', status: 400, code: 'json-invalid' },
  'not a number': { body: '{"topic": "Octopuses", "seconds": NaN}', status: 400, code: 'json-invalid' },
  'an endless number': {
    body: '{"topic": "Octopuses", "seconds": 1e999}',
    status: 400,
    code: 'request-invalid',
  },
  'a list': { body: '[]', status: 400, code: 'request-invalid' },
  null: { body: 'null', status: 400, code: 'request-invalid' },
  'a string': { body: '"topic"', status: 400, code: 'request-invalid' },
  'a hundred thousand brackets': { body: nested(100_000), status: 400, code: 'json-too-deep' },
  'a deep label': {
    body: `{"topic":"Octopuses","labels":{"a":${nested(20)}}}`,
    status: 400,
    code: 'json-too-deep',
  },
  'a prototype': {
    body: '{"topic":"Octopuses","__proto__":{"format":"short"}}',
    status: 400,
    code: 'json-invalid',
  },
  'a prototype in labels': {
    body: '{"topic":"Octopuses","labels":{"__proto__":"x"}}',
    status: 400,
    code: 'json-invalid',
  },
  'more than 300 KB': {
    body: JSON.stringify({ topic: 'a'.repeat(310_000) }),
    status: 413,
    code: 'body-too-large',
  },
  'ten megabytes': { body: 'x'.repeat(10_000_000), status: 413, code: 'body-too-large' },
  'a form': {
    body: 'topic=Octopuses',
    type: 'application/x-www-form-urlencoded',
    status: 415,
    code: 'content-type-unsupported',
  },
  'text that is JSON': {
    body: '{"topic":"Octopuses"}',
    type: 'text/plain',
    status: 415,
    code: 'content-type-unsupported',
  },
  'another charset': {
    body: '{"topic":"Octopuses"}',
    type: 'application/json; charset=utf-16',
    status: 415,
    code: 'content-type-unsupported',
  },
  'a compressed body': {
    body: '{"topic":"Octopuses"}',
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    code: 'content-encoding-unsupported',
  },
  'a key of blanks': {
    body: '{"topic":"Octopuses"}',
    headers: { 'idempotency-key': '""' },
    status: 400,
    code: 'request-invalid',
  },
  'an endless key': {
    body: '{"topic":"Octopuses"}',
    headers: { 'idempotency-key': 'k'.repeat(201) },
    status: 400,
    code: 'request-invalid',
  },
};

describe('a body that is no request is refused', () => {
  test.each(Object.entries(raw))(
    '%s',
    async (_name, { body, type = 'application/json', headers, status, code }) => {
      const answer = await door.ask('/api/pipelines', {
        as: 'alice',
        method: 'POST',
        headers: { 'content-type': type, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      expect(answer.status).toBe(status);
      expect(await problemIn(answer)).toMatchObject({ status, code });
    },
  );

  const post = async (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    await fetch(`${door.url}/api/pipelines`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await door.token('alice')}`, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);

  test('a body that does not say how long it is, and does not end', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        if (sent > 100_000_000) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const answer = await post(endless, { 'content-type': 'application/json' });
    expect(answer.status).toBe(413);
    expect(await problemIn(answer)).toMatchObject({ code: 'body-too-large', errors: [{ limit: 307_200 }] });
    expect(sent).toBeLessThan(50_000_000);
  });

  test('a body of no type', async () => {
    const answer = await post(new TextEncoder().encode('{"topic":"Octopuses"}'));
    expect(answer.status).toBe(415);
    expect((await problemIn(answer)).detail).toContain('Content-Type is missing');
  });

  test('bytes that are not UTF-8', async () => {
    const answer = await fetch(`${door.url}/api/pipelines`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await door.token('alice')}`, 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    });
    expect(answer.status).toBe(400);
    expect((await problemIn(answer)).detail).toContain('UTF-8');
  });
});
