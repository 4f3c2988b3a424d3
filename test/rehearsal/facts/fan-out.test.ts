import { describe, expect, it } from 'vitest';
import { createWorld, everything, post } from './world.ts';

const ids = ({ requests }: { requests: readonly { headers: Readonly<Record<string, string>> }[] }) =>
  requests.map(({ headers }) => headers['ce-id']);
const until = async (look: () => boolean): Promise<void> => {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a synchronous fan-out', () => {
  it('answers when all subscribers and their retries are done', async () => {
    const { clock, broker, subscriber } = createWorld();
    const quick = await subscriber();
    const late = await subscriber((_, count) => ({ status: count < 3 ? 503 : 202 }));
    const { subscribe, url } = await broker();
    subscribe(everything(quick));
    subscribe(everything(late, { retry: 3, backoffPolicy: 'exponential', backoffDelay: 'PT1S' }));
    expect(await clock.through(post(url))).toBe(202);
    expect([quick.requests.length, late.requests.length, clock.now()]).toEqual([1, 3, 3_000]);
  });

  it('answers 500 if one failed, although the others have the event: sent again, they have it twice', async () => {
    const { clock, broker, subscriber } = createWorld();
    const good = await subscriber();
    const bad = await subscriber((_, count) => ({ status: count === 1 ? 503 : 202 }));
    const { subscribe, url } = await broker();
    subscribe(everything(good));
    subscribe(everything(bad, { retry: 0 }));
    const event = { headers: { 'ce-id': 'once' } };
    expect(await clock.through(post(url, event))).toBe(500);
    expect(await clock.through(post(url, event))).toBe(202);
    expect(ids(good)).toEqual(['once', 'once']);
  });
});

describe('an asynchronous fan-out', () => {
  it('answers 202 before anybody has the event', async () => {
    const { broker, subscriber } = createWorld();
    const hanging = await subscriber(() => 'hang');
    const { subscribe, url } = await broker({ asynchronous: true });
    subscribe(everything(hanging));
    expect(await post(url)).toBe(202);
    await until(() => hanging.requests.length === 1);
  });

  it('answers 202 for what nobody will ever take', async () => {
    const { broker } = createWorld();
    const { subscribe, url } = await broker({ asynchronous: true });
    subscribe(everything({ url: 'http://127.0.0.1:1/' }, { retry: 0 }));
    expect(await post(url)).toBe(202);
  });
});

describe.each([
  ['synchronous', false],
  ['asynchronous', true],
] as const)('a dispatcher, %s,', (_, asynchronous) => {
  it('loses what it holds when it is killed', async () => {
    const { clock, broker, subscriber } = createWorld();
    const away = await subscriber((_request, count) => ({ status: count === 1 ? 503 : 202 }));
    const { subscribe, url, kill, start } = await broker({ asynchronous });
    subscribe(everything(away, { retry: 3, backoffPolicy: 'exponential', backoffDelay: 'PT1S' }));
    const posted = post(url, { headers: { 'ce-id': 'lost' } }).catch(() => 'cut off');
    await clock.sleeping(1_000);
    await kill();
    expect(await posted).toBe(asynchronous ? 202 : 'cut off');
    await start();
    await clock.advance(60_000);
    await clock.through(post(url, { headers: { 'ce-id': 'next' } }));
    await until(() => away.requests.length === 2);
    expect(ids(away)).toEqual(['lost', 'next']);
  });

  it('delivers the same event twice when it is posted twice', async () => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker({ asynchronous });
    subscribe(everything(one));
    await post(url, { headers: { 'ce-id': 'same' } });
    await post(url, { headers: { 'ce-id': 'same' } });
    await until(() => one.requests.length === 2);
    expect(ids(one)).toEqual(['same', 'same']);
  });
});

describe('the order of events', () => {
  const names = Array.from({ length: 40 }, (_, at) => `n${String(at).padStart(2, '0')}`);

  it('holds for one producer that awaits each 202', async () => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker();
    subscribe(everything(one));
    for (const name of names) await post(url, { headers: { 'ce-id': name } });
    expect(ids(one)).toEqual(names);
  });

  it('does not hold for those that are on their way together', async () => {
    const { broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker({ asynchronous: true });
    subscribe(everything(one));
    await Promise.all(names.map((name) => post(url, { headers: { 'ce-id': name } })));
    await until(() => one.requests.length === names.length);
    expect(ids(one)).not.toEqual(names);
    expect(ids(one).sort()).toEqual(names);
  });
});

describe('the fate of an event', () => {
  it.each<[string, number[], number]>([
    ['lost', [], 0],
    ['delivered', [0], 1],
    ['doubled', [0, 0], 2],
    ['late', [5_000], 1],
  ])('can be told to be: %s', async (_, fate, times) => {
    const { clock, broker, subscriber } = createWorld();
    const one = await subscriber();
    const { subscribe, url } = await broker({ fate: () => fate });
    subscribe(everything(one));
    expect(await clock.through(post(url))).toBe(202);
    expect(one.requests).toHaveLength(times);
    expect(clock.now()).toBe(fate[0] ?? 0);
  });
});
