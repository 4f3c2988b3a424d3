import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoErrors } from '../testing/expect-no-errors.ts';
import { type FrontDoor, openFrontDoor, problemIn } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({
    voices: async () =>
      ['rms', 'slt'].map((id) => ({ id, name: id, language: 'en-US', gender: 'neutral', provider: 'flite' })),
    languages: async () => ['en'],
  });
});
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

const TOPIC = 'Why octopuses have three hearts';
const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, 'x']));

interface Refused {
  body: unknown;
  field: string;
  /** What the message must hold, so that the sender knows what to do. */
  says: string | RegExp;
  limit?: unknown;
}

const fields: Record<string, Refused> = {
  'an empty object': { body: {}, field: 'topic', says: 'exactly one of topic and script' },
  'both topic and script': { body: { topic: TOPIC, script: 'Text.' }, field: 'script', says: 'exactly one' },
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
  'a topic that is a list': { body: { topic: [TOPIC] }, field: 'topic', says: 'type string' },
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
    body: { topic: TOPIC, format: 'tall' },
    field: 'format',
    says: '"short"',
    limit: ['long', 'short', 'square'],
  },
  'a format with two letters changed over': {
    body: { topic: TOPIC, format: 'shrot' },
    field: 'format',
    says: 'Did you mean "short"?',
  },
  'a format in capitals': { body: { topic: TOPIC, format: 'LONG' }, field: 'format', says: '"long"' },
  'a size in words': { body: { topic: TOPIC, size: 'big' }, field: 'size', says: '1920x1080' },
  'a size with a star': { body: { topic: TOPIC, size: '1920*1080' }, field: 'size', says: '1920x1080' },
  'an odd width': { body: { topic: TOPIC, size: '1921x1080' }, field: 'size', says: 'even' },
  'an odd height': { body: { topic: TOPIC, size: '1920x1081' }, field: 'size', says: 'even' },
  'a size too small': {
    body: { topic: TOPIC, size: '318x180' },
    field: 'size',
    says: '320x180',
    limit: '320x180',
  },
  'an upright size too small': { body: { topic: TOPIC, size: '178x320' }, field: 'size', says: '320x180' },
  'a size too large': {
    body: { topic: TOPIC, size: '3842x2160' },
    field: 'size',
    says: '3840x2160',
    limit: '3840x2160',
  },
  'an enormous size': { body: { topic: TOPIC, size: '9998x9998' }, field: 'size', says: '3840x2160' },
  'a size with a minus': { body: { topic: TOPIC, size: '-1920x1080' }, field: 'size', says: '1920x1080' },
  'a size of FFmpeg syntax': {
    body: { topic: TOPIC, size: '1920x1080,negate' },
    field: 'size',
    says: '1920x1080',
  },
  'a wide size in short': {
    body: { topic: TOPIC, format: 'short', size: '1920x1080' },
    field: 'size',
    says: 'is long',
  },
  'an upright size in long': {
    body: { topic: TOPIC, format: 'long', size: '1080x1920' },
    field: 'size',
    says: 'is short',
  },
  'a wide size in square': {
    body: { topic: TOPIC, format: 'square', size: '1920x1080' },
    field: 'size',
    says: 'is long',
  },
  'four seconds': { body: { topic: TOPIC, seconds: 4 }, field: 'seconds', says: 'At least 5', limit: 5 },
  'no seconds': { body: { topic: TOPIC, seconds: 0 }, field: 'seconds', says: 'At least 5' },
  'minus sixty seconds': { body: { topic: TOPIC, seconds: -60 }, field: 'seconds', says: 'At least 5' },
  'ten hours': {
    body: { topic: TOPIC, seconds: 36_000 },
    field: 'seconds',
    says: 'At most 3600',
    limit: 3600,
  },
  'seconds in a string': { body: { topic: TOPIC, seconds: '60' }, field: 'seconds', says: 'type number' },
  'an unknown voice': {
    body: { topic: TOPIC, voice: 'bob' },
    field: 'voice',
    says: /"bob".*rms, slt/,
    limit: ['rms', 'slt'],
  },
  'a voice with a letter too many': {
    body: { topic: TOPIC, voice: 'sltt' },
    field: 'voice',
    says: /Did you mean "slt"\?.*rms, slt/,
    limit: ['rms', 'slt'],
  },
  'a voice that is a path': {
    body: { topic: TOPIC, voice: '../../etc/passwd' },
    field: 'voice',
    says: 'rms, slt',
  },
  'an empty voice': { body: { topic: TOPIC, voice: '' }, field: 'voice', says: 'At least 1' },
  'a language that is none': {
    body: { topic: TOPIC, language: 'english please' },
    field: 'language',
    says: 'BCP 47',
  },
  'a language that nobody speaks here': {
    body: { topic: TOPIC, language: 'de' },
    field: 'language',
    says: 'languages are en',
    limit: ['en'],
  },
  'a language of one letter': {
    body: { topic: TOPIC, language: 'e' },
    field: 'language',
    says: 'At least 2',
  },
  'an empty title': { body: { topic: TOPIC, title: '' }, field: 'title', says: 'At least 1' },
  'a title of 101 characters': {
    body: { topic: TOPIC, title: 'a'.repeat(101) },
    field: 'title',
    says: 'At most 100',
    limit: 100,
  },
  'labels that are a list': { body: { topic: TOPIC, labels: ['sea'] }, field: 'labels', says: 'type' },
  'a label that is a number': {
    body: { topic: TOPIC, labels: { series: 1 } },
    field: 'labels.series',
    says: 'type string',
  },
  'an empty label': {
    body: { topic: TOPIC, labels: { series: '' } },
    field: 'labels.series',
    says: 'At least 1',
  },
  'a long label': {
    body: { topic: TOPIC, labels: { series: 'x'.repeat(201) } },
    field: 'labels.series',
    says: 'At most 200',
    limit: 200,
  },
  'a label with a control character': {
    body: { topic: TOPIC, labels: { series: 'a\u0007' } },
    field: 'labels.series',
    says: 'Control',
  },
  'a label’s name with a blank': {
    body: { topic: TOPIC, labels: { 'a b': 'x' } },
    field: 'labels.a b',
    says: 'a letter, then',
  },
  '21 labels': { body: { topic: TOPIC, labels: labels(21) }, field: 'labels', says: 'At most 20', limit: 20 },
  'a misspelt field': { body: { topics: TOPIC }, field: 'topics', says: 'Did you mean "topic"?' },
  'an unknown field': {
    body: { topic: TOPIC, priority: 'high' },
    field: 'priority',
    says: 'The fields are topic, script',
  },
  'an owner of one’s own choice': {
    body: { topic: TOPIC, owner: 'bob' },
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
  const body = { topic: TOPIC, format: 'long', size: 'big', title: ' ', labels: {} };
  const { detail, errors = [] } = await problemIn(await door.ask('/api/pipelines', { as: 'alice', body }));
  expect(detail).toBe('2 fields are wrong: size and title.');
  expect(errors.filter(({ field }) => field === 'size')).toHaveLength(1);
});
