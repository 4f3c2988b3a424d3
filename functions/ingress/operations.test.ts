import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
const admin = { authorization: `Bearer ${await door.token('boss', { roles: ['admin'] })}` };
let run = '';
let delivery = '';
let others = '';

interface Page {
  deliveries: { id: string; owner: string; step: string; state: string; links: { retry?: string } }[];
  links: { next?: string };
}
const failure = { code: 'topic-strange', message: 'The topic is too strange.' };
const page = async (query: string, request: Parameters<typeof door.ask>[1] = { as: 'alice' }) =>
  (await (await door.ask(`/api/deliveries?${query}`, request)).json()) as Page;

beforeAll(async () => {
  run = await door.start('alice');
  delivery = (await door.work('keyword-fetch', { failure })).id;
  await door.start('bob');
  others = (await door.work('keyword-fetch', { failure })).id;
});
afterAll(() => door.close());

describe('dead letters', () => {
  test('are listed to their owner, and all of them to an admin', async () => {
    const own = await page('state=dead');
    expect(own.deliveries).toMatchObject([
      { id: delivery, owner: 'alice', step: 'keyword-fetch', error: failure },
    ]);
    expect((await page('state=dead&code=other')).deliveries).toEqual([]);
    const all = await page('state=dead&limit=1', { headers: admin });
    expect(all.deliveries.map(({ owner }) => owner)).toEqual(['bob']);
    const rest = await door.ask(all.links.next ?? '', { headers: admin });
    expect(((await rest.json()) as Page).deliveries.map(({ owner }) => owner)).toEqual(['alice']);
  });

  test('are retried by filter, first as a dry run, and never those of others', async () => {
    const retry = async (query: string) =>
      await (await door.ask(`/api/deliveries/retry?${query}`, { as: 'alice', method: 'POST' })).json();
    expect(await retry('code=topic-strange&dryRun=1')).toMatchObject({ matched: 1, retried: 0 });
    expect((await page('state=dead')).deliveries).toHaveLength(1);
    expect(await retry('code=topic-strange')).toMatchObject({ matched: 1, retried: 1 });
    await door.work('keyword-fetch', { failure });
    expect((await page('state=dead', { headers: admin })).deliveries).toHaveLength(2);
  });

  test('are retried one by one, by their owner or an admin', async () => {
    const retry = (id: string, request: object) =>
      door.ask(`/api/deliveries/${id}/retry`, { method: 'POST', ...request });
    expect((await retry(others, { as: 'alice' })).status).toBe(404);
    expect((await retry(randomUUID(), { as: 'alice' })).status).toBe(404);
    const done = await retry(others, { headers: admin });
    expect([done.status, ((await done.json()) as { state: string }).state]).toEqual([202, 'due']);
    expect(await problemIn(await retry(others, { headers: admin }))).toMatchObject({
      code: 'nothing-to-retry',
    });
    await door.work('keyword-fetch', { failure });
  });

  test.each(['state=odd', 'limit=0', 'limit=x', 'run=x', 'cursor=x', 'owner=bob', 'state=dead&state=due'])(
    '%s is refused',
    async (query) => {
      expect(await problemIn(await door.ask(`/api/deliveries?${query}`, { as: 'alice' }))).toMatchObject({
        status: 400,
      });
    },
  );
});

describe('why', () => {
  test('says what made each step due, what went wrong, and what would mend it', async () => {
    const told = (await (await door.ask(`/api/pipelines/${run}/why`, { as: 'alice' })).json()) as {
      steps: { step: string; mend: string; because: { event: string }[]; attempts: { code: string }[] }[];
    };
    expect(told).toMatchObject({ status: 'failed' });
    expect(told.steps[0]).toMatchObject({
      step: 'keyword-fetch',
      because: [{ event: 'pipeline.started' }],
      failed: 1,
      lost: 0,
      mend: `POST /api/deliveries/${delivery}/retry`,
    });
    expect(told.steps[0]?.attempts.map(({ code }) => code)).toEqual(['topic-strange', 'topic-strange']);
    for (const attempt of told.steps[0]?.attempts ?? []) {
      expect(attempt).toMatchObject({ startedAt: expect.any(String), workedMs: expect.any(Number) });
    }
  });

  test('of one delivery tells what led to it, to its owner or an admin', async () => {
    const why = (id: string, request: object) => door.ask(`/api/deliveries/${id}/why`, request);
    const own = await why(delivery, { as: 'alice' });
    expect(own.status).toBe(200);
    expect(await own.json()).toMatchObject({
      pipeline: `/api/pipelines/${run}`,
      steps: [
        { id: delivery, step: 'keyword-fetch', progress: 0, mend: `POST /api/deliveries/${delivery}/retry` },
      ],
    });
    expect((await why(others, { headers: admin })).status).toBe(200);
    for (const id of [others, randomUUID(), 'x']) expect((await why(id, { as: 'alice' })).status).toBe(404);
  });
});

describe('replay', () => {
  test('is first told, then done; the old pipeline stays as it was', async () => {
    const replay = (body: object, as = 'alice') => door.ask(`/api/pipelines/${run}/replay`, { as, body });
    expect((await replay({ from: 'keyword-fetch' }, 'bob')).status).toBe(404);
    expect((await replay({ from: 'keyword-fetsh' })).status).toBe(404);
    expect((await replay({ from: 'keyword-fetch', colour: 'red' })).status).toBe(400);
    const dry = await replay({ from: 'keyword-fetch', dryRun: true });
    expect(dry.status).toBe(200);
    expect(await dry.json()).toMatchObject({ due: [{ step: 'keyword-fetch', deliveries: 1 }] });
    const done = await replay({ from: 'keyword-fetch' });
    expect(done.status).toBe(202);
    const location = done.headers.get('location') ?? '';
    expect(location).not.toContain(run);
    expect(await (await door.ask(location, { as: 'alice' })).json()).toMatchObject({
      status: 'queued',
      flow: 'video',
    });
    expect(await (await door.ask(`/api/pipelines/${run}`, { as: 'alice' })).json()).toMatchObject({
      status: 'failed',
    });
    await door.work('keyword-fetch', { failure });
  });
});

describe('brakes', () => {
  test('are an admin’s alone', async () => {
    const body = { name: 'keyword-fetch', reason: 'A look at it.' };
    for (const request of [{ as: 'alice' }, { as: 'alice', body }] as const)
      expect(await problemIn(await door.ask('/api/pauses', request))).toMatchObject({ code: 'role-missing' });
    expect((await door.ask('/api/pauses/keyword-fetch', { as: 'alice', method: 'DELETE' })).status).toBe(403);
    const unknown = await door.ask('/api/pauses', {
      headers: admin,
      body: { ...body, name: 'keyword-fetsh' },
    });
    expect(await problemIn(unknown)).toMatchObject({ status: 404, code: 'pause-unknown' });
    expect((await door.ask('/api/pauses', { headers: admin, body })).status).toBe(201);
    const read = await (await door.ask('/api/pauses', { headers: admin })).json();
    expect(read).toMatchObject({ pauses: [{ name: 'keyword-fetch', by: 'boss', reason: 'A look at it.' }] });
    const off = await door.ask('/api/pauses/keyword-fetch', { headers: admin, method: 'DELETE' });
    expect(off.status).toBe(204);
    expect(await (await door.ask('/api/pauses', { headers: admin })).json()).toEqual({ pauses: [] });
  });
});

test('work behind a brake says so wherever it is shown', async () => {
  const mine = await door.start('mallory');
  const cookie = `millrace_session=${await door.token('mallory')}`;
  const read = async (path: string) => await (await door.ask(path, { as: 'mallory' })).json();
  const all = async () => ({
    pipeline: await read(`/api/pipelines/${mine}`),
    step: await read(`/api/pipelines/${mine}/steps/keyword-fetch`),
    deliveries: await read('/api/deliveries?state=due'),
    why: await read(`/api/pipelines/${mine}/why`),
    home: await (await door.ask('/', { headers: { cookie } })).text(),
  });
  expect(JSON.stringify(await all())).not.toContain('A look at it.');
  const body = { name: 'keyword-fetch', reason: 'A look at it.' };
  expect((await door.ask('/api/pauses', { headers: admin, body })).status).toBe(201);
  const paused = { name: 'keyword-fetch', since: expect.stringMatching(/Z$/), reason: 'A look at it.' };
  expect(await all()).toMatchObject({
    pipeline: { steps: expect.arrayContaining([expect.objectContaining({ name: 'keyword-fetch', paused })]) },
    step: { name: 'keyword-fetch', status: 'queued', paused },
    deliveries: { deliveries: [{ step: 'keyword-fetch', paused }] },
    home: expect.stringContaining('queued, paused: A look at it.'),
    why: { steps: [{ step: 'keyword-fetch', paused, mend: 'DELETE /api/pauses/keyword-fetch' }] },
  });
  await door.ask('/api/pauses/keyword-fetch', { headers: admin, method: 'DELETE' });
  expect(JSON.stringify(await all())).not.toContain('A look at it.');
});

test('erasing an account is asked for and stands in the ledger', async () => {
  const answer = await door.ask('/api/account', { as: 'eve', method: 'DELETE' });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ account: 'eve' });
});
