import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindNames, pathOf } from '#shared/notifications';
import type { OpenApiDocument, Schema } from './pages/docs/document-reader.ts';
import { exampleOf, operationsOf } from './pages/docs/document-reader.ts';
import { openFrontDoor } from './testing/front-door.ts';

const door = await openFrontDoor();
const document = (await (await door.ask('/openapi.json')).json()) as OpenApiDocument;
const operations = operationsOf(document);
const schemas = document.components?.schemas ?? {};
const { PipelineRequest, Problem } = schemas;
afterAll(() => door.close());

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document');

/** What is wrong with a value, by the document's own schema; `at` is a path into it. */
function wrongWith(value: unknown, at: readonly string[]): string {
  const pointer = at.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
  const check = ajv.compile({ $ref: `document#/${pointer.join('/')}` });
  return check(value) ? '' : ajv.errorsText(check.errors);
}

test('it is an OpenAPI 3.1 document', async () => {
  expect(document.openapi).toBe('3.1.0');
  const result = await new Validator().validate({ ...structuredClone(document) });
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
});

test('it holds every route but the pages, and no other', () => {
  const mounted = door.ingress.routes
    .filter(({ openapi }) => openapi !== undefined)
    .map(({ method, path }) => `${method} ${path}`);
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(mounted.sort());
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every heading says what it is about', () => {
  const described = (document.tags ?? []).map(({ name }) => name);
  expect(
    operations.map(({ operation }) => operation.tags?.[0]).filter((tag) => !described.includes(`${tag}`)),
  ).toEqual([]);
});

test.each(kindNames)('what a notification of %s points at is there to be read', (kind) => {
  const about = pathOf({ kind, subject: fresh });
  const fits = (path: string) =>
    new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(about) &&
    (path.includes('{') || path === about);
  const found = operations.filter(({ method, path }) => method === 'get' && fits(path));
  // An address of one's own is none of somebody called `me`.
  expect(found.filter(({ path }) => !about.includes('/me/') || path.includes('/me/'))).not.toEqual([]);
});

describe.each(operations.map((entry) => [`${entry.method} ${entry.path}`, entry] as const))(
  '%s',
  (name, { method, path, operation }) => {
    const responses = operation.responses ?? {};
    const route = door.ingress.routes.find((entry) => `${entry.method} ${entry.path}` === name);

    test('says what it is for, who may call, and every refusal as a problem document', () => {
      expect(operation.summary?.length).toBeGreaterThan(5);
      expect(operation.tags).toHaveLength(1);
      const security = operation.security ?? document.security;
      const wanted = {
        public: [],
        token: [{ bearer: [] }],
        link: [{ bearer: [] }, { link: [] }],
        ticket: [{ bearer: [] }, { ticket: [] }],
        visitor: undefined,
      }[route?.access ?? 'visitor'];
      expect(security).toEqual(wanted);
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      for (const [status, response] of refusals) {
        const [type] = Object.keys(response.content ?? {});
        const own = path === '/ready' && status === '503';
        expect([status, type]).toEqual([status, own ? 'application/json' : 'application/problem+json']);
      }
      const statuses = Object.keys(responses);
      expect(statuses).toEqual(
        expect.arrayContaining([
          ...(route?.access === 'public' ? [] : ['401']),
          ...(route?.rate === 'counted' ? ['429'] : []),
          ...(path.includes('{id}') ? ['404'] : []),
          ...(operation.requestBody === undefined ? [] : ['400', '408', '413', '415']),
          ...(takesKey(operation) ? ['409'] : []),
          '500',
          '503',
        ]),
      );
    });

    test('says how much is left of what one may ask, where that is counted', () => {
      const told = ['RateLimit-Limit', 'RateLimit-Policy', 'RateLimit-Remaining', 'RateLimit-Reset'];
      const wanted = route?.rate === 'counted' ? told : [];
      for (const [status, response] of Object.entries(responses))
        if (status.startsWith('2') || status === '429') {
          const headers = Object.keys((response as { headers?: object }).headers ?? {});
          expect(headers.filter((header) => header.startsWith('RateLimit-')).sort(), status).toEqual(wanted);
        }
    });

    test('every parameter in the path is described, with an example', () => {
      const described = (operation.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter] : [],
      );
      expect(described.map((parameter) => parameter.name).sort()).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, found]) => found).sort(),
      );
      for (const parameter of described) expect(parameter.required).toBe(true);
    });

    test('what it answers has the shape that it promises', async () => {
      const id = method === 'delete' || path.endsWith('/cancel') ? fresh : pipeline;
      const at = path
        .replace('{id}', id)
        .replace('{step}', 'keyword-fetch')
        .replace('{part}', 'scene-001')
        .replace('{name}', path.includes('{part}') ? 'illustration.png' : 'video.mp4');
      const body = operation.requestBody === undefined ? {} : { body: { topic: 'Why bees dance' } };
      const answers = [
        await door.ask(at, { method: method.toUpperCase(), ...body, headers: { authorization: admin } }),
        await door.ask(at, { method: method.toUpperCase(), ...body }),
        await door.ask(at.replace(id, randomUUID()), {
          method: method.toUpperCase(),
          ...body,
          headers: { authorization: admin },
        }),
      ];
      for (const answer of answers) {
        const { status } = answer;
        expect(Object.keys(responses), `${status}`).toContain(String(status));
        const content = responses[String(status)]?.content ?? {};
        const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
        if (status === 204) expect(content).toEqual({});
        else
          expect(
            [type, '*/*'].some((known) => known in content),
            type,
          ).toBe(true);
        if (!type.endsWith('json') || '*/*' in content) {
          await answer.body?.cancel();
          continue;
        }
        const schema = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
        expect(wrongWith(await answer.json(), schema), `${status}`).toBe('');
      }
    });
  },
);

const tried = new Set<string>();
/** Something with a schema, which has an example that it takes. */
function expectExample(described: object, at: readonly string[]): void {
  const schema = 'schema' in described ? (described.schema as Schema) : {};
  // Most parameters are those of others too; to compile each takes long.
  if (tried.has(JSON.stringify(schema))) return;
  tried.add(JSON.stringify(schema));
  const example = exampleOf(document, schema);
  expect(example, at.join(' ')).toBeDefined();
  expect(wrongWith(example, [...at, 'schema']), at.join(' ')).toBe('');
}

function takesKey({ parameters = [] }: (typeof operations)[number]['operation']): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === 'idempotency-key');
}

let pipeline = '';
let fresh = '';
let admin = '';
beforeAll(async () => {
  admin = `Bearer ${await door.token('alice', { roles: ['admin'] })}`;
  pipeline = await door.start('alice');
  await door.work('keyword-fetch', {
    files: { 'video.mp4': { bytes: 'film', type: 'video/mp4' } },
    events: [{ type: 'pipeline.keywords.fetched', data: {} }],
  });
  await door.work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001'] },
    events: [{ type: 'scene.scripted', key: 'scene-001', data: {} }],
  });
  await door.work('generate-image', {
    files: { 'illustration.png': { bytes: 'x', type: 'image/png' } },
  });
  await door.ask(`/api/pipelines/${pipeline}/cancel`, { as: 'alice', method: 'POST' });
  fresh = await door.start('alice');
});

describe('examples', () => {
  test.each(Object.keys(schemas))('%s is valid by its own schema', (name) => {
    const schema = schemas[name] as Schema;
    const example = exampleOf(document, schema);
    expect(example).toBeDefined();
    expect(wrongWith(example, ['components', 'schemas', name])).toBe('');
  });

  test('that of a request says what the film is about', () => {
    expect(exampleOf(document, PipelineRequest as Schema)).toMatchObject({ topic: expect.any(String) });
  });

  test('the example request is taken, and the example refusal is what is answered', async () => {
    const request = exampleOf(document, PipelineRequest as Schema) as object;
    expect((await door.ask('/api/pipelines', { as: 'alice', body: request })).status).toBe(202);
    const wrong = { ...request, format: 'tall' };
    const refusal = (await (await door.ask('/api/pipelines', { as: 'alice', body: wrong })).json()) as object;
    const example = exampleOf(document, Problem as Schema) as object;
    expect({ ...refusal, instance: '' }).toEqual({ ...example, instance: '' });
  });

  test('the document refuses what the front door refuses', () => {
    const at = ['components', 'schemas', 'PipelineRequest'];
    for (const wrong of [
      { topic: 'ab' },
      { topic: 'Octopuses', seconds: 36_000 },
      { topic: 'Octopuses', format: 'tall' },
      { topic: 'Octopuses', size: 'big' },
      { topics: 'Octopuses' },
    ]) {
      expect(wrongWith(wrong, at), JSON.stringify(wrong)).not.toBe('');
    }
  });

  // Last: to compile schemas takes long, and a connection that waits would be closed meanwhile.
  test.each(operations.map((entry) => [`${entry.method} ${entry.path}`, entry] as const))(
    'each parameter, body and answer of %s has one that is valid',
    (_name, { path, method, operation }) => {
      const at = ['paths', path, method];
      const { parameters = [], requestBody, responses = {} } = operation;
      parameters.forEach((parameter, index) => {
        expectExample(parameter, [...at, 'parameters', `${index}`]);
      });
      const bodies = [
        [requestBody, [...at, 'requestBody']],
        ...Object.entries(responses)
          .filter(([status]) => status.startsWith('2'))
          .map(([status, response]) => [response, [...at, 'responses', status]]),
      ] as const;
      for (const [body, where] of bodies) {
        const found = Object.entries((body as { content?: object } | undefined)?.content ?? {});
        // The bytes of a file are shown by nothing.
        for (const [type, content] of found)
          if (type.endsWith('json')) expectExample(content, [...where, 'content', type]);
      }
    },
  );
});
