import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoErrors } from '../testing/expect-no-errors.ts';
import { type FrontDoor, openFrontDoor } from '../testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
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
