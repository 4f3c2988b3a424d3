import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type FrameType, protocol } from '#shared/realtime';
import notify from '../social/notify/function.ts';
import { clientChannels } from './asyncapi/client-channels.ts';
import { closeCodes } from './realtime/close-codes.ts';
import { byEventSource, byWebSocket, openWebSocket, type Told } from './testing/hearers.ts';
import { answered, talkingAt } from './testing/talking.ts';
import { openTelling } from './testing/telling.ts';

const { door, worker, close } = await openTelling([notify]);
const { arrives, ask, direct, group, say } = talkingAt(door);
const frameTypes = Object.keys(protocol) as FrameType[];
afterAll(close);

/** Answers frames that are not as the document says: a field that it does not name is one too many here. */
function strangers(told: readonly Told[]): unknown[] {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  return told.flatMap((frame) => {
    const { [`client.${frame.type}`]: message } = clientChannels().messages;
    const { [frame.type as FrameType]: known } = protocol;
    const data = z.toJSONSchema(known.data(), { target: 'draft-7', io: 'output' });
    const carried = known.lasts === 'kept' ? ['at', 'cursor'] : known.lasts === 'place' ? ['cursor'] : [];
    const isRight =
      ajv.validate(message?.payload ?? false, frame) &&
      ajv.validate(data, frame.data) &&
      Object.keys(frame).sort().join() === [...carried, 'data', 'type'].sort().join();
    return isRight ? [] : [{ frame, errors: ajv.errorsText() }];
  });
}

it('whatever people do, they hear what the document says, and all that it says', async () => {
  const [alice, bob, carol] = [await arrives(), await arrives(), await arrives()];
  const lost = byWebSocket(door.url, { token: bob.accessToken, cursor: '999' });
  const hearer = byWebSocket(door.url, { token: bob.accessToken });
  const stream = byEventSource(door.url, { token: bob.accessToken });
  for (const one of [hearer, stream]) await one.until(({ type }) => type === 'hello');
  await lost.until(({ type }) => type === 'reset');
  const socket = openWebSocket(door.url, { token: bob.accessToken });
  const answers: Told[] = [];
  socket.on('message', (data) => answers.push(JSON.parse(String(data)) as Told));
  await new Promise((resolve) => socket.once('open', resolve));
  for (const type of ['ping', 'shout']) socket.send(JSON.stringify({ type }));

  await direct(bob, carol);
  const conversation = await direct(alice, bob);
  const first = await say(alice, conversation, `Good morning, @${bob.handle}`);
  const second = await say(alice, conversation, 'And?', { replyTo: first.id });
  await worker.workOff();
  const path = `/messages/conversations/${conversation}`;
  const done: [string, string, object?][] = [
    [`/messages/${first.id}`, 'PUT', { text: 'Good evening' }],
    [`/messages/${first.id}/reactions/${encodeURIComponent('👍')}`, 'PUT'],
    [`${path}/typing`, 'POST'],
    [`/messages/${second.id}`, 'DELETE'],
  ];
  for (const [at, method, body] of done)
    expect((await ask(alice, at, method, body)).status).toBeLessThan(300);
  await answered(await ask(bob, `${path}/read`, 'PUT', { seq: 2 }), 200);
  const rabbits = await group(alice, bob);
  const renamed = { title: 'Hares' };
  expect((await ask(alice, `/messages/conversations/${rabbits}`, 'PUT', renamed)).status).toBe(200);
  const member = `/messages/conversations/${rabbits}/members/${bob.id}`;
  expect((await ask(alice, member, 'DELETE')).status).toBe(204);
  expect((await ask(alice, `/users/${bob.id}/follow`, 'PUT')).status).toBeLessThan(300);
  await worker.workOff();
  const { notifications } = await answered<{ notifications: { id: string; cursor: string }[] }>(
    await ask(bob, '/notifications'),
    200,
  );
  const [newest, other] = notifications;
  expect((await ask(bob, `/notifications/${other?.id}`, 'DELETE')).status).toBe(204);
  await answered(await ask(bob, '/notifications/read', 'PUT', { cursor: newest?.cursor }), 200);
  await hearer.until(({ type, data }) => type === 'notification.read' && 'upTo' in data);
  const run = await door.start(bob.id);
  await hearer.until(({ type, data }) => type === 'run.progressed' && data.run === run);
  await expect.poll(() => answers.map(({ type }) => type), { timeout: 20_000 }).toContain('error');
  const { refreshToken } = bob;
  expect((await door.ask('/auth/logout', { body: { refreshToken } })).status).toBe(204);
  expect(await hearer.ended).toBe(4003);
  await stream.ended;

  const told = [...lost.told, ...hearer.told, ...stream.told, ...answers];
  expect(strangers(told)).toEqual([]);
  expect([...new Set(told.map(({ type }) => type))].sort()).toEqual([...frameTypes].sort());
  const isNamed = (name: string, type: string) =>
    Object.keys(clientChannels().channels[name]?.messages ?? {}).includes(`client.${type}`);
  expect([...hearer.told, ...answers].filter(({ type }) => !isNamed('webSocket', type))).toEqual([]);
  expect(stream.told.filter(({ type }) => !isNamed('serverSentEvents', type))).toEqual([]);
});

it('docs/realtime.md says the same', async () => {
  const page = await readFile(new URL('../../docs/realtime.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  const said = rows.flatMap((row) => {
    const [, types = '', cursor = ''] = row.split('|');
    return [...types.matchAll(/`([^`]+)`/g)].map(([, type]) => [type, cursor.trim()]);
  });
  expect(said.sort()).toEqual(
    frameTypes.map((type) => [type, protocol[type].lasts === 'moment' ? 'no' : 'yes']).sort(),
  );
  const codes = page.split('\n').flatMap((line) => line.match(/^\| ([\d, ]+) \|/)?.[1]?.split(', ') ?? []);
  expect(codes.map(Number).sort()).toEqual(closeCodes.map(({ code }) => code).sort());
});
