import { createHmac } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '#shared/database';
import { filesWithSecrets, secretIn, secretsOf } from '../end-to-end/kept-secrets.ts';
import { type Pipeline, settled } from '../end-to-end/pipelines.ts';
import { type Product, startProduct } from '../end-to-end/product.ts';
import { startMillrace } from '../hygiene/run-millrace.ts';

/**
 * No secret is ever kept or logged. Everything that the product is told in confidence is distinctive here; flows that
 * touch each of it are run, also those that fail; then every byte that it kept and said is searched.
 */
const apiKey = 'sk-attack-0a1b2c3d4e5f6071-model';
const collectorKey = 'otel-attack-9f8e7d6c5b4a3020';
const secrets = new Map<string, string>();
let product: Product;
let peer: Server;
let pipeline: Pipeline;

const draft = {
  title: 'Why the sea is salt',
  scenes: ['Taste the sea, and you taste the land.', 'Rain carries salt to the sea.'].map((narration) => ({
    heading: 'Salt',
    narration: `${narration} ${apiKey}.`,
    picture: { subject: 'sea', words: ['sea'] },
  })),
};

/** A language model and a collector of spans that repeat what they should not. */
function answer(path: string, asked: string): { status: number; body: string } {
  if (path.endsWith('/v1/traces')) return { status: 500, body: `refused ${collectorKey}` };
  if (asked.includes('refuse')) {
    const message = `${'x'.repeat(185)}${apiKey} is not known, nor ${Buffer.from(apiKey).toString('base64')}`;
    return { status: 401, body: JSON.stringify({ error: { message, type: 'error' } }) };
  }
  const message = { role: 'assistant', content: JSON.stringify(draft) };
  return {
    status: 200,
    body: JSON.stringify({ id: '1', choices: [{ index: 0, message, finish_reason: 'stop' }] }),
  };
}

beforeAll(async () => {
  peer = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body } = answer(request.url ?? '', Buffer.concat(chunks).toString('latin1'));
    const headers = {
      'content-type': 'application/json',
      'set-cookie': `key=${apiKey}`,
      'x-key': collectorKey,
    };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => {
    peer.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  product = await startProduct({
    LOG_LEVEL: 'trace',
    LANGUAGE_MODEL: 'openai-compatible',
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: apiKey,
    OPENAI_MODEL: 'small',
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: `api-key=${collectorKey}`,
  });
}, 120_000);
afterAll(async () => {
  await product?.remove();
  peer.closeAllConnections();
  peer.close();
});

const keep = (name: string, value: string): string => {
  // Shorter ones would be found everywhere.
  expect(value.length, name).toBeGreaterThan(15);
  secrets.set(name, value);
  return value;
};
const script = async (topic: string): Promise<Pipeline> => {
  const asked = await product.ask('/scripts/generate', { method: 'POST', body: { topic, seconds: 10 } });
  expect(asked.status).toBe(202);
  return await settled(product, ((await asked.json()) as Pipeline).id, 30_000);
};

describe('flows that touch every secret', () => {
  test('a model that refuses the key, and one that puts it into its answer', {
    timeout: 60_000,
  }, async () => {
    keep('the key of the model', apiKey);
    keep('the key of the model, in base64', Buffer.from(apiKey).toString('base64'));
    keep('half of it', apiKey.slice(0, 16));
    keep('the key of the collector', collectorKey);
    const refused = await script('Please refuse this topic');
    expect(refused.status).toBe('failed');
    expect(JSON.stringify(refused)).toContain('model-refused');
    pipeline = await script('Why the sea is salt');
    expect(pipeline.status).toBe('completed');
  });

  test('tokens: good, in a cookie, in the wrong place, forged, and signed in with', async () => {
    const token = keep('a token', await product.token('alice'));
    const [head = '', claims = '', signature = ''] = token.split('.');
    keep('its signature', signature);
    const forged = keep('a forged signature', createHmac('sha256', 'x').update(token).digest('base64url'));
    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(new URL(path, product.url), { headers, redirect: 'manual' });
    expect((await get('/api/pipelines', { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await get('/', { cookie: `millrace_session=${token}` })).status).toBe(200);
    expect((await get(`/?token=${token}`)).status).toBe(303);
    expect((await get('/api/pipelines', { authorization: `Basic ${token}` })).status).toBe(401);
    expect(
      (await get('/api/pipelines', { authorization: `Bearer ${head}.${claims}.${forged}` })).status,
    ).toBe(401);
    const signIn = (body: string) =>
      fetch(new URL('/sign-in', product.url), { method: 'POST', body, redirect: 'manual' });
    expect((await signIn(`token=${token}`)).status).toBe(303);
    expect((await signIn(`token=${head}.${claims}.${forged}`)).status).toBe(400);
  });

  test('signed links: to read, altered, to upload', async () => {
    const signatureOf = (href: string) => new URL(href, product.url).searchParams.get('signature') ?? '';
    const [artifact] = pipeline.artifacts;
    const href = artifact?.signedHref ?? '';
    keep('the signature of a link', signatureOf(href));
    expect((await fetch(new URL(href, product.url))).status).toBe(200);
    expect((await fetch(new URL(`${href}&signature=again`, product.url))).status).toBe(401);
    const opened = await product.ask('/api/v1/uploads', { method: 'POST', body: { name: 'cover.png' } });
    const { url } = (await opened.json()) as { url: string };
    keep('the signature of an upload', signatureOf(url));
    const sent = await fetch(new URL(url, product.url), { method: 'PUT', body: 'no picture' });
    expect(sent.status).toBe(415);
  });

  test('the keys of the installation, and the password of its database', async () => {
    const own = await secretsOf(product.dataDir);
    expect([...own.keys()]).toHaveLength(4);
    for (const [name, value] of own) keep(name, value);
    const url = await product.databaseUrl();
    for (const words of [['why', pipeline.id], ['deliveries'], ['doctor']])
      expect(await said(words, { DATABASE_URL: url, DATA_DIR: product.dataDir })).not.toContain(
        secrets.get('the password of the database'),
      );
  });
});

describe('what was kept and said', () => {
  test('no row of any table holds one', async () => {
    const pool = connect({ url: await product.databaseUrl(), max: 1, applicationName: 'test' });
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(10);
    let rows = 0;
    for (const { name } of tables) {
      const found = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      for (const { row } of found.rows) expectNone(row, name);
      rows += found.rows.length;
    }
    await pool.end();
    expect(rows).toBeGreaterThan(50);
  });

  test('no log line holds one, at the level that says most', async () => {
    const log = product.log();
    expect(log).toContain('model-refused');
    expectNone(log, 'the log');
  });

  test('no file of the data folder holds one but those that are its place, which only their owner reads', async () => {
    // Postgres writes its pages out, so its files are what a stolen disk holds.
    await product.stop();
    expect(await filesWithSecrets(product.dataDir, secrets)).toEqual([]);
  });

  test('the search finds what is there', async () => {
    expect(() => expectNone(`a line with ${apiKey}`, 'a line')).toThrow('a line holds the key of the model');
    await writeFile(join(product.dataDir, 'note.txt'), `remember: ${collectorKey}`);
    expect(await filesWithSecrets(product.dataDir, secrets)).toEqual([
      'note.txt holds the key of the collector',
    ]);
    await rm(join(product.dataDir, 'note.txt'));
  });
});

describe('a start that fails', () => {
  const password = 'db-attack-5566778899aabbcc';
  test.each([
    ['a database that is not there', { DATABASE_URL: `postgres://me:${password}@127.0.0.1:9/db` }],
    ['an address that is none', { DATABASE_URL: `me:${password}@host` }],
    [
      'a direct address without the other',
      { DATABASE_DIRECT_URL: `postgres://me:${password}@127.0.0.1:9/db` },
    ],
    ['a key with a blank', { OPENAI_API_KEY: `${password} x` }],
    ['a header that is none', { OTEL_EXPORTER_OTLP_HEADERS: `${password}` }],
  ])('of %s says what is wrong, and not the secret', async (_what, environment: Record<string, string>) => {
    const text = await said(['start'], {
      ...environment,
      DATA_DIR: join(product.dataDir, 'other'),
      LOG_LEVEL: 'trace',
    });
    expect(text.length).toBeGreaterThan(30);
    expect(text).not.toContain(password);
    expect(text).not.toContain(encodeURIComponent(password));
  });
});

async function said(words: readonly string[], environment: Record<string, string>): Promise<string> {
  const { out, err } = await startMillrace({ words, environment: { PORT: '0', ...environment } }).ended;
  return `${out}${err}`;
}

function expectNone(text: string, where: string): void {
  const name = secretIn(text, secrets);
  if (name !== undefined) throw new Error(`${where} holds ${name}`);
}
