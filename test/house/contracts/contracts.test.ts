import { describe, expect, test } from 'vitest';
import { brokenContracts } from './check.ts';
import { compareSchemas, type Direction, type Schema } from './compare-schemas.ts';
import { type ApiContracts, compareApi, compareEvents, type EventContracts } from './contracts.ts';
import { presentApi, presentEvents } from './present.ts';

const before: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    format: { type: 'string', enum: ['long', 'short'] },
    seconds: { type: 'number', minimum: 5, maximum: 3600 },
    tags: { type: 'array', items: { type: 'string' } },
    inner: {
      type: 'object',
      properties: { a: { type: 'integer' } },
      required: ['a'],
      additionalProperties: false,
    },
  },
  required: ['name'],
  additionalProperties: false,
};
const properties = before.properties as Record<string, Schema>;
const changed = (name: string, schema: Schema): Schema => ({
  ...before,
  properties: { ...properties, [name]: schema },
});
const without = (name: string): Schema => ({
  ...before,
  properties: Object.fromEntries(Object.entries(properties).filter(([other]) => other !== name)),
  required: name === 'name' ? [] : ['name'],
});
const breaks = (after: Schema, direction: Direction) => compareSchemas({ before, after, direction, at: '' });

describe('a change that breaks', () => {
  test.each<[string, Schema, Direction, RegExp]>(
    [
      ['a field removed from an answer', without('seconds'), 'output', /seconds: the field is removed/],
      ['a field removed from an event', without('seconds'), 'both', /seconds: the field is removed/],
      [
        'a field removed from a request that refuses strangers',
        without('seconds'),
        'input',
        /seconds: .*removed/,
      ],
      [
        'a field that a request must have now',
        { ...before, required: ['name', 'format'] },
        'input',
        /format: .*required/,
      ],
      [
        'a new field that a request must have',
        { ...changed('new', { type: 'string' }), required: ['name', 'new'] },
        'input',
        /new: .*required/,
      ],
      [
        'a field that an event must have now',
        { ...before, required: ['name', 'format'] },
        'both',
        /format: .*required/,
      ],
      ['a field that an answer may lack now', { ...before, required: [] }, 'output', /name: .*missing/],
      ['a type narrowed', changed('seconds', { type: 'integer' }), 'input', /seconds: the type is narrowed/],
      ['a type changed', changed('name', { type: 'number' }), 'both', /name: the type/],
      [
        'a type widened in an answer',
        changed('name', { type: ['string', 'null'] }),
        'output',
        /name: the type is widened/,
      ],
      [
        'a value removed',
        changed('format', { type: 'string', enum: ['long'] }),
        'input',
        /format: the value "short" is gone/,
      ],
      [
        'a value removed from an event',
        changed('format', { type: 'string', enum: ['long'] }),
        'both',
        /"short" is gone/,
      ],
      [
        'an enumeration where any was taken',
        changed('name', { type: 'string', enum: ['a'] }),
        'input',
        /name: only "a"/,
      ],
      [
        'a limit lowered',
        changed('seconds', { type: 'number', minimum: 5, maximum: 60 }),
        'input',
        /maximum is lowered/,
      ],
      [
        'a limit raised',
        changed('name', { type: 'string', minLength: 5, maxLength: 100 }),
        'input',
        /minLength is raised/,
      ],
      ['a pattern added', changed('name', { type: 'string', pattern: '^a' }), 'input', /name: pattern is/],
      ['strangers refused now', { ...before, additionalProperties: false }, 'input', /^$/],
      [
        'entries of a list narrowed',
        changed('tags', { type: 'array', items: { type: 'integer' } }),
        'input',
        /tags\[\]: the type/,
      ],
      [
        'a field deep inside',
        changed('inner', { type: 'object', properties: {}, additionalProperties: false }),
        'both',
        /inner\.a: the field is removed/,
      ],
      [
        'a form that is no longer taken',
        changed('name', { anyOf: [{ type: 'number' }] }),
        'input',
        /name: .*(form|type)/,
      ],
    ].filter(([name]) => name !== 'strangers refused now') as [string, Schema, Direction, RegExp][],
  )('%s', (_name, after, direction, line) => {
    expect(breaks(after, direction).join('\n')).toMatch(line);
  });

  test('strangers refused where they were taken', () => {
    const open = { type: 'object', properties: { a: { type: 'string' } } };
    const closed = { ...open, additionalProperties: false };
    expect(compareSchemas({ before: open, after: closed, direction: 'input', at: '' })).toEqual([
      'the whole: further fields are refused now',
    ]);
  });
});

describe('a change that breaks nobody', () => {
  test.each<[string, Schema, Direction]>([
    ['none', before, 'both'],
    ['a new field that may be left out', changed('new', { type: 'string' }), 'both'],
    [
      'a new field in an answer, always there',
      { ...changed('new', { type: 'string' }), required: ['name', 'new'] },
      'output',
    ],
    ['a type widened in a request', changed('name', { type: ['string', 'number'] }), 'input'],
    [
      'a new value in a request',
      changed('format', { type: 'string', enum: ['long', 'short', 'square'] }),
      'input',
    ],
    ['a limit loosened', changed('seconds', { type: 'number', minimum: 1, maximum: 7200 }), 'input'],
    ['a field that may be left out of a request now', { ...before, required: [] }, 'input'],
    ['a narrower promise', changed('seconds', { type: 'integer', minimum: 5, maximum: 60 }), 'output'],
  ])('%s', (_name, after, direction) => {
    expect(breaks(after, direction)).toEqual([]);
  });
});

describe('events and operations', () => {
  const event = (version: number, data: Schema, key?: string): EventContracts => ({
    'a.b': { version, data, ...(key === undefined ? {} : { key }) },
  });
  const operation = (more: object): ApiContracts => ({ 'POST /a': { parameters: {}, answers: {}, ...more } });

  test('an event is removed, its key changes, its version goes back', () => {
    expect(compareEvents(event(1, before), {})).toEqual(['event a.b: is removed']);
    expect(compareEvents(event(1, before), event(1, before, 'scene'))).toHaveLength(1);
    expect(compareEvents(event(2, before), event(1, before))).toHaveLength(1);
  });

  test('an event breaks under its version and may under the next', () => {
    expect(compareEvents(event(1, before), event(1, without('name')))).not.toEqual([]);
    expect(compareEvents(event(1, before), event(2, without('name')))).toEqual([]);
  });

  test('a body that may be missing is no break', () => {
    const after = operation({ body: before, bodyMayBeMissing: true });
    expect(compareApi(operation({}), after)).toEqual([]);
    expect(compareApi(after, after)).toEqual([]);
    expect(compareApi(operation({ body: before }), after)).toEqual([]);
  });

  test('may take a further media type, and must keep those that it took', () => {
    const bytes = { type: 'string', format: 'binary' };
    const both = operation({ body: before, otherBodies: [bytes] });
    for (const old of [operation({ body: bytes }), operation({ body: before }), both])
      expect(compareApi(old, both)).toEqual([]);
    expect(compareApi(both, operation({ body: before })).join('\n')).toMatch(/the type is narrowed/);
  });

  test.each<[string, ApiContracts, ApiContracts, RegExp]>([
    ['an operation removed', operation({}), {}, /POST \/a: is removed/],
    [
      'a parameter removed',
      operation({ parameters: { 'query a': { required: false, schema: {} } } }),
      operation({}),
      /query a is removed/,
    ],
    [
      'a parameter required',
      operation({}),
      operation({ parameters: { 'query a': { required: true, schema: {} } } }),
      /required/,
    ],
    ['a body required', operation({}), operation({ body: before }), /a body is required/],
    [
      'a body that might be missing',
      operation({ body: before, bodyMayBeMissing: true }),
      operation({ body: before }),
      /a body is required/,
    ],
    ['a body refused', operation({ body: before }), operation({}), /no longer taken/],
    [
      'an answer removed',
      operation({ answers: { '200 application/json': before } }),
      operation({}),
      /answer 200/,
    ],
    [
      'a field of an answer removed',
      operation({ answers: { '200 application/json': before } }),
      operation({ answers: { '200 application/json': without('name') } }),
      /name: the field is removed/,
    ],
  ])('%s', (_name, old, now, line) => {
    expect(compareApi(old, now).join('\n')).toMatch(line);
  });
});

describe('what stands here', () => {
  test('keeps what was published', async () => {
    expect(await brokenContracts()).toEqual([]);
  });

  test('would be refused without an event, a field or a route', async () => {
    const events = presentEvents();
    const { 'pipeline.started': started, ...rest } = events;
    expect(started?.data.properties).toHaveProperty('settings');
    expect(compareEvents(events, rest)).toEqual(['event pipeline.started: is removed']);
    const api = await presentApi();
    const pipelines = api['POST /api/pipelines'];
    expect(pipelines?.body?.properties).toMatchObject({
      title: { type: 'string' },
      format: { enum: ['long', 'short', 'square'] },
    });
    expect(Object.keys(api)).toEqual(
      expect.arrayContaining(['GET /api/deliveries', 'POST /api/v1/uploads', 'POST /tts/render']),
    );
    // Each of these stands only where the installation has the part that it needs.
    expect(Object.keys(api)).toEqual(
      expect.arrayContaining([
        ...['GET /api/v1/stream', 'POST /api/v1/stream/tickets', 'GET /ws/notifications'],
        ...['POST /api/v1/inbox/notices', 'POST /notifications/push/subscriptions'],
      ]),
    );
    const { 'GET /api/pipelines': list, ...others } = api;
    expect(list).toBeDefined();
    expect(compareApi(api, others)).toEqual(['GET /api/pipelines: is removed']);
  });
});
