import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({
    voices: async () =>
      ['rms', 'slt'].map((id) => ({ id, name: id, language: 'en-US', gender: 'neutral', provider: 'flite' })),
    languages: async () => ['en'],
  });
});
afterAll(() => door.close());

const topic = 'Why octopuses have three hearts';
const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, 'x']));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

interface Refused {
  body: unknown;
  field: string;
  /** What the message must hold, so that the sender knows what to do. */
  says: string | RegExp;
  limit?: unknown;
}

const fields: Record<string, Refused> = {
  'an empty object': { body: {}, field: 'topic', says: 'exactly one of topic and script' },
  'both topic and script': { body: { topic, script: 'Text.' }, field: 'script', says: 'exactly one' },
  'an empty topic': { body: { topic: '' }, field: 'topic', says: 'At least 3 characters', limit: 3 },
  'a topic of blanks': { body: { topic: '          ' }, field: 'topic', says: 'At least 3 characters' },
  'a topic of 2 characters': { body: { topic: 'ab' }, field: 'topic', says: 'At least 3', limit: 3 },
  'a topic of 201 characters': {
    body: { topic: 'a'.repeat(201) },
    field: 'topic',
    says: 'At most 200',
    limit: 200,
  },
  'an enormous topic': {
    body: { topic: 'a'.repeat(250_000) },
    field: 'topic',
    says: 'At most 200',
    limit: 200,
  },
  'a topic that is a number': { body: { topic: 42 }, field: 'topic', says: 'type string' },
  'a topic that is null': { body: { topic: null }, field: 'topic', says: 'type string' },
  'a topic that is a list': { body: { topic: [topic] }, field: 'topic', says: 'type string' },
  'a topic that is an object': { body: { topic: { $ne: null } }, field: 'topic', says: 'type string' },
  'a topic of signs': { body: { topic: '???!!!' }, field: 'topic', says: 'letter or digit' },
  'a topic with NUL': { body: { topic: 'octo\u0000pus' }, field: 'topic', says: 'Control characters' },
  'a topic with an escape': {
    body: { topic: 'octo\u001b[2Jpus' },
    field: 'topic',
    says: 'Control characters',
  },
  'a topic with a line break': { body: { topic: 'octo\npus' }, field: 'topic', says: 'one line' },
  'a topic with half a character': { body: { topic: 'octo\ud83dpus' }, field: 'topic', says: 'Unicode' },
  'an empty script': { body: { script: '' }, field: 'script', says: 'no word' },
  'a script of line breaks': { body: { script: '\n\n\n' }, field: 'script', says: 'no word' },
  'a script over 200 KB': {
    body: { script: 'a'.repeat(204_801) },
    field: 'script',
    says: '204800',
    limit: 204_800,
  },
  'a script over 200 KB in bytes, not in characters': {
    body: { script: 'é'.repeat(102_401) },
    field: 'script',
    says: 'UTF-8',
    limit: 204_800,
  },
  'a script with NUL': { body: { script: 'Hearts.\u0000' }, field: 'script', says: 'U+0000 at position 7' },
  'a binary script': { body: { script: '\u0089PNG\u001a\u0000' }, field: 'script', says: 'Binary data' },
  'a script with half a character': { body: { script: 'Hearts \udc00' }, field: 'script', says: 'Unicode' },
  'a script that is a list': { body: { script: ['Hearts'] }, field: 'script', says: 'type string' },
  'an unknown format': {
    body: { topic, format: 'tall' },
    field: 'format',
    says: '"short"',
    limit: ['long', 'short', 'square'],
  },
  'a format with two letters changed over': {
    body: { topic, format: 'shrot' },
    field: 'format',
    says: 'Did you mean "short"?',
  },
  'a format in capitals': { body: { topic, format: 'LONG' }, field: 'format', says: '"long"' },
  'a size in words': { body: { topic, size: 'big' }, field: 'size', says: '1920x1080' },
  'a size with a star': { body: { topic, size: '1920*1080' }, field: 'size', says: '1920x1080' },
  'an odd width': { body: { topic, size: '1921x1080' }, field: 'size', says: 'even' },
  'an odd height': { body: { topic, size: '1920x1081' }, field: 'size', says: 'even' },
  'a size too small': { body: { topic, size: '318x180' }, field: 'size', says: '320x180', limit: '320x180' },
  'an upright size too small': { body: { topic, size: '178x320' }, field: 'size', says: '320x180' },
  'a size too large': {
    body: { topic, size: '3842x2160' },
    field: 'size',
    says: '3840x2160',
    limit: '3840x2160',
  },
  'an enormous size': { body: { topic, size: '99998x99998' }, field: 'size', says: '3840x2160' },
  'a size with a minus': { body: { topic, size: '-1920x1080' }, field: 'size', says: '1920x1080' },
  'a size of FFmpeg syntax': { body: { topic, size: '1920x1080,negate' }, field: 'size', says: '1920x1080' },
  'a wide size in short': {
    body: { topic, format: 'short', size: '1920x1080' },
    field: 'size',
    says: 'is long',
  },
  'an upright size in long': {
    body: { topic, format: 'long', size: '1080x1920' },
    field: 'size',
    says: 'is short',
  },
  'a wide size in square': {
    body: { topic, format: 'square', size: '1920x1080' },
    field: 'size',
    says: 'is long',
  },
  'four seconds': { body: { topic, seconds: 4 }, field: 'seconds', says: 'At least 5', limit: 5 },
  'no seconds': { body: { topic, seconds: 0 }, field: 'seconds', says: 'At least 5' },
  'minus sixty seconds': { body: { topic, seconds: -60 }, field: 'seconds', says: 'At least 5' },
  'ten hours': { body: { topic, seconds: 36_000 }, field: 'seconds', says: 'At most 3600', limit: 3600 },
  'seconds in a string': { body: { topic, seconds: '60' }, field: 'seconds', says: 'type number' },
  'an unknown voice': {
    body: { topic, voice: 'bob' },
    field: 'voice',
    says: /"bob".*rms, slt/,
    limit: ['rms', 'slt'],
  },
  'a voice with a letter too many': {
    body: { topic, voice: 'sltt' },
    field: 'voice',
    says: /Did you mean "slt"\?.*rms, slt/,
    limit: ['rms', 'slt'],
  },
  'a voice that is a path': { body: { topic, voice: '../../etc/passwd' }, field: 'voice', says: 'rms, slt' },
  'an empty voice': { body: { topic, voice: '' }, field: 'voice', says: 'At least 1' },
  'a language that is none': {
    body: { topic, language: 'english please' },
    field: 'language',
    says: 'BCP 47',
  },
  'a language that nobody speaks here': {
    body: { topic, language: 'de' },
    field: 'language',
    says: 'languages are en',
    limit: ['en'],
  },
  'a language of one letter': { body: { topic, language: 'e' }, field: 'language', says: 'At least 2' },
  'an empty title': { body: { topic, title: '' }, field: 'title', says: 'At least 1' },
  'a title of 101 characters': {
    body: { topic, title: 'a'.repeat(101) },
    field: 'title',
    says: 'At most 100',
    limit: 100,
  },
  'labels that are a list': { body: { topic, labels: ['sea'] }, field: 'labels', says: 'type' },
  'a label that is a number': {
    body: { topic, labels: { series: 1 } },
    field: 'labels.series',
    says: 'type string',
  },
  'an empty label': { body: { topic, labels: { series: '' } }, field: 'labels.series', says: 'At least 1' },
  'a long label': {
    body: { topic, labels: { series: 'x'.repeat(201) } },
    field: 'labels.series',
    says: 'At most 200',
    limit: 200,
  },
  'a label with a control character': {
    body: { topic, labels: { series: 'a\u0007' } },
    field: 'labels.series',
    says: 'Control',
  },
  'a label’s name with a blank': {
    body: { topic, labels: { 'a b': 'x' } },
    field: 'labels.a b',
    says: 'a letter, then',
  },
  '21 labels': { body: { topic, labels: labels(21) }, field: 'labels', says: 'At most 20', limit: 20 },
  'a misspelt field': { body: { topics: topic }, field: 'topics', says: 'Did you mean "topic"?' },
  'an unknown field': {
    body: { topic, priority: 'high' },
    field: 'priority',
    says: 'The fields are topic, script',
  },
  'an owner of one’s own choice': {
    body: { topic, owner: 'bob' },
    field: 'owner',
    says: 'There is no field',
  },
};

describe('a body with one wrong field is refused by the name of the field, with the limit', () => {
  test.each(Object.entries(fields))('%s', async (_name, { body, field, says, limit }) => {
    const answer = await door.ask('/api/pipelines', { as: 'alice', body: body as object });
    expect(answer.status).toBe(400);
    const { errors = [], detail } = await problemIn(answer);
    const wrong = errors.find((error) => error.field === field);
    expect(wrong?.message, JSON.stringify(errors)).toMatch(says);
    expect(detail.length).toBeGreaterThan(10);
    if (limit !== undefined) expect(wrong?.limit).toEqual(limit);
  });
});

test('a field with several faults is one wrong field', async () => {
  const body = { topic, format: 'long', size: 'big', title: ' ', labels: {} };
  const { detail, errors = [] } = await problemIn(await door.ask('/api/pipelines', { as: 'alice', body }));
  expect(detail).toBe('2 fields are wrong: size and title.');
  expect(errors.filter(({ field }) => field === 'size')).toHaveLength(1);
});

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

const hostile = [
  '<script>alert(1)</script>',
  "'; DROP TABLE ledger.run; --",
  '$(rm -rf /) `id` && echo x | sh',
  "drawtext=text='%{pts}':x=0,negate[v];[v]",
  '../../../../etc/passwd',
  '{{7*7}} ${7*7} %s %n',
  '🐙🐙🐙 Oktopus',
  'ᄒᆞᆫ글 العربية עברית ไทย',
  'a\u202egnirts a',
  'Z̷̢̛a̵l̶g̸o̴ text',
];

describe('hostile but well-formed text is text like any other', () => {
  test.each(hostile)('the topic %s', async (text) => {
    const answer = await door.ask('/api/pipelines', { as: 'alice', body: { topic: text, labels: { text } } });
    expect(answer.status).toBe(202);
    const made = (await answer.json()) as { request: { topic: string }; labels: object };
    expect(made.request.topic).toBe(text);
    expect(made.labels).toEqual({ text });
  });

  test.each([
    ...hostile,
    ...hostile.map(
      (text) => `# ${text}\r\n\r\n![x](file:///etc/passwd) <iframe src=//evil.example>\n\t${text}\n`,
    ),
    `${'#'.repeat(5_000)} ${'['.repeat(5_000)} ${'*'.repeat(5_000)} word`,
    `word ${'\n'.repeat(100_000)}`,
  ])('the script %s', async (script) => {
    const answer = await door.ask('/api/pipelines', { as: 'alice', body: { script } });
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as { id: string };
    const { input } = (await door.fixture.ledger.getRun(id)) ?? {};
    const { key } = (input as { script: { key: string } }).script;
    // What is said in it names no file: it lies where every script lies, byte for byte.
    expect(key).toMatch(new RegExp(`^runs/${id}/input/[0-9a-f]{16}/script\\.md$`));
    const stored = await (await door.artifacts.get(key)).toArray();
    expect(Buffer.concat(stored).equals(Buffer.from(script))).toBe(true);
  });
});

describe('addresses and queries', () => {
  const missing = `/api/pipelines/${randomUUID()}`;
  test.each([
    ['GET', '/api/pipelines?limit=0', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=101', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=ten', 400, 'request-invalid'],
    ['GET', '/api/pipelines?limit=1&limit=2', 400, 'request-invalid'],
    ['GET', '/api/pipelines?status=done', 400, 'request-invalid'],
    ['GET', '/api/pipelines?label=series', 400, 'request-invalid'],
    ['GET', '/api/pipelines?label=:x', 400, 'request-invalid'],
    ['GET', '/api/pipelines?statuss=failed', 400, 'request-invalid'],
    ['GET', '/api/pipelines?cursor=%00', 400, 'request-invalid'],
    ['GET', "/api/pipelines?cursor=';--", 400, 'request-invalid'],
    ['GET', '/api/pipelines?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ', 400, 'request-invalid'],
    ['GET', missing, 404, 'not-found'],
    ['GET', '/api/pipelines/1', 404, 'not-found'],
    ['GET', "/api/pipelines/'%20or%201=1", 404, 'not-found'],
    ['GET', '/api/pipelines/%00', 404, 'not-found'],
    ['GET', '/api/pipelines/%ff%fe', 404, 'not-found'],
    ['GET', '/api/pipelines/%', 404, 'not-found'],
    ['GET', `${missing}/steps/render-tts`, 404, 'not-found'],
    ['GET', `${missing}/events`, 404, 'not-found'],
    ['GET', `${missing}/artifacts/video.mp4`, 404, 'not-found'],
    ['GET', `${missing}/artifacts/..%2f..%2fetc%2fpasswd`, 404, 'not-found'],
    ['GET', '/api/pipelines/x/artifacts/%00', 404, 'not-found'],
    ['POST', `${missing}/cancel`, 404, 'not-found'],
    ['DELETE', missing, 404, 'not-found'],
    ['GET', '/orchestrator/status/x', 404, 'not-found'],
    ['POST', '/orchestrator/retry/x/render-tts', 404, 'not-found'],
    ['GET', '/api/pipeline', 404, 'route-not-found'],
    ['GET', '/api/pipelines/', 404, 'route-not-found'],
    ['GET', '/assets/..%2flayout.ts', 404, 'not-found'],
    ['PUT', '/api/pipelines', 405, 'method-not-allowed'],
    ['PATCH', missing, 405, 'method-not-allowed'],
    ['DELETE', '/api/pipelines', 405, 'method-not-allowed'],
    ['POST', '/health', 405, 'method-not-allowed'],
    ['PROPFIND', '/health', 405, 'method-not-allowed'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const answer = await door.ask(path, { as: 'alice', method });
    expect(answer.status).toBe(status);
    expect(await problemIn(answer)).toMatchObject({ status, code });
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  test('405 names the methods there are, and OPTIONS does too', async () => {
    const refused = await door.ask('/api/pipelines', { as: 'alice', method: 'PUT' });
    expect(refused.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    const options = await door.ask('/api/pipelines', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
  });
});

describe('what is not HTTP', () => {
  const send = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(door.port, '127.0.0.1', () => socket.end(bytes));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  test.each([
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['a Host with a path', 'GET /health HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
    ['a backslash', 'GET /api\\pipelines HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['endless headers', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /api/pipelines HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'a length and chunks',
      'POST /api/pipelines HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('%s is refused', async (_name, bytes, status) => {
    expect((await send(bytes)).split('\r\n')[0]).toContain(` ${status} `);
  });
});

test('none of all this was an error of ours', () => {
  const failed = door.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
  expect(failed).toEqual([]);
});
