import { Parser } from '@asyncapi/parser';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, describe, expect, test } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { protocol } from '#shared/realtime';
import type { AsyncApiDocument } from './asyncapi/document.ts';
import { openFrontDoor } from './testing/front-door.ts';

const door = await openFrontDoor();
const answer = await door.ask('/asyncapi.json');
const text = await answer.text();
const page = await (await door.ask('/docs/events')).text();
const document = JSON.parse(text) as AsyncApiDocument;
afterAll(() => door.close());

test('it is an AsyncAPI 3.0 document, by the parser of its makers', async () => {
  const { document: parsed, diagnostics } = await new Parser().parse(text);
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  expect(parsed?.version()).toBe('3.0.0');
  expect(
    parsed
      ?.allChannels()
      .all()
      .map((channel) => channel.id())
      .sort(),
  ).toEqual([...Object.keys(eventCatalogue), 'webSocket', 'serverSentEvents', 'socketIo'].sort());
});

test('a document that is none is refused by the same parser', async () => {
  const broken = text.replace('"action":"receive"', '"action":"take"');
  const { diagnostics } = await new Parser().parse(broken);
  expect(diagnostics.filter(({ severity }) => severity === 0).length).toBeGreaterThan(0);
});

test('who sends and who takes stands as in events.yaml', () => {
  const of = (name: string, action: string) =>
    Object.values(document.operations)
      .filter((operation) => operation.title === name && operation.action === action)
      .map(({ channel }) => channel.$ref.replace('#/channels/', ''))
      .sort();
  expect(of('render-scene', 'receive')).toEqual(['pipeline.audio.rendered', 'scene.illustrated']);
  expect(of('render-scene', 'send')).toEqual(['scene.rendered']);
  expect(of('take-script', 'receive')).toEqual(['script.uploaded']);
});

describe.each(Object.entries(document.components.messages))('%s', (_type, message) => {
  test('its example is what its schema says, and nothing is not', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const check = ajv.compile(message.payload);
    const [{ payload } = { payload: undefined }] = message.examples;
    expect(check(payload), ajv.errorsText(check.errors)).toBe(true);
    expect(check({})).toBe(false);
  });
});

test('the page shows every event, every frame and every close code, and loads nothing from elsewhere', () => {
  for (const type of Object.keys(eventCatalogue)) expect(page).toContain(`id="${type}"`);
  for (const type of Object.keys(protocol)) expect(page).toContain(`id="client.${type}"`);
  expect(page).toMatch(/<td>4001<\/td><td>you took too little/);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(page).not.toContain('<script');
});
