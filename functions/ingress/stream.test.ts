import { EventSourceParserStream } from 'eventsource-parser/stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor();
});
afterEach(() => door.close());

interface Message {
  event: string;
  id: string | undefined;
  data: { readonly name?: string; readonly status?: string; readonly progress: number };
}

async function open(id: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const answer = await door.ask(`/api/pipelines/${id}/events`, {
    as: 'alice',
    headers,
    signal: controller.signal,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const messages: Message[] = [];
  const finished = (async () => {
    const events = answer.body
      ?.pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const { event = '', data, id: eventId } of events ?? []) {
      messages.push({ event, id: eventId, data: JSON.parse(data) });
    }
  })().catch(() => undefined);
  const until = async (found: (message: Message) => boolean): Promise<Message> => {
    for (let waited = 0; waited < 15_000; waited += 50) {
      const message = messages.find(found);
      if (message !== undefined) return message;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not among ${messages.map(({ event }) => event).join(', ')}`);
  };
  return { messages, finished, until, leave: () => controller.abort() };
}

describe('GET /api/pipelines/:id/events', () => {
  test('a snapshot, each change as it happens, and an end that ends it', async () => {
    const id = await door.start('alice');
    const stream = await open(id);
    const { data } = await stream.until(({ event }) => event === 'snapshot');
    expect(data).toMatchObject({ id, status: 'queued' });

    await door.work('keyword-fetch', {
      files: { 'keywords.json': { bytes: '{}', type: 'application/json' } },
      events: [{ type: 'pipeline.keywords.fetched', data: {} }],
    });
    const step = await stream.until(
      ({ event, data }) => event === 'step' && data.name === 'keyword-fetch' && data.status === 'completed',
    );
    expect(step.data).toMatchObject({ progress: 100, attempts: 1 });
    await stream.until(({ event, data }) => event === 'artifact' && data.name === 'keywords.json');
    await stream.until(({ event, data }) => event === 'pipeline' && data.status === 'running');

    await door.ask(`/api/pipelines/${id}/cancel`, { as: 'alice', method: 'POST' });
    const end = await stream.until(({ event }) => event === 'end');
    expect(end.data).toMatchObject({ id, status: 'cancelled' });
    await stream.finished;
    expect(stream.messages.at(-1)?.event).toBe('end');

    const progress = stream.messages
      .filter(({ event }) => event === 'pipeline')
      .map(({ data }) => data.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));

    // Whoever comes late has all of it at once; who had the end is told to stop.
    const late = await open(id);
    await late.finished;
    expect(late.messages.map(({ event }) => event)).toEqual(['snapshot', 'end']);
    const again = await door.ask(`/api/pipelines/${id}/events`, {
      as: 'alice',
      headers: { 'last-event-id': end.id ?? '' },
    });
    expect(again.status).toBe(204);
  });

  test('a reader who comes back after a retry is let in', async () => {
    const id = await door.start('alice');
    await door.work('keyword-fetch', { failure: { code: 'no-words', message: 'No words.' } });
    const failed = await open(id);
    await failed.finished;
    const end = failed.messages.at(-1);
    expect(end?.data.status).toBe('failed');
    await door.ask(`/orchestrator/retry/${id}/keyword-fetch`, { as: 'alice', method: 'POST' });
    const again = await open(id, { 'last-event-id': end?.id ?? '' });
    const { data } = await again.until(({ event }) => event === 'snapshot');
    expect(data.status).toBe('running');
    again.leave();
  });

  test('the stream of a pipeline that is removed ends', async () => {
    const id = await door.start('alice');
    const stream = await open(id);
    await stream.until(({ event }) => event === 'snapshot');
    await door.fixture.ledger.cancelRun({ run: id });
    await door.fixture.ledger.removeRun({ run: id });
    const end = await stream.until(({ event }) => event === 'end');
    expect(['deleted', 'cancelled']).toContain(end.data.status);
    await stream.finished;
  });

  test('forty readers of one run cost one poller, which rests when they leave', async () => {
    await door.close();
    let asked = 0;
    door = await openFrontDoor();
    const { ledger } = door.options;
    const counting = await openFrontDoor({
      ...door.options,
      ledger: { ...ledger, deliveriesOf: (runs) => ledger.deliveriesOf(runs).finally(() => asked++) },
    });
    const id = await door.start('alice');
    const stream = async () => {
      const controller = new AbortController();
      const answer = await counting.ask(`/api/pipelines/${id}/events`, {
        as: 'alice',
        signal: controller.signal,
      });
      return { answer, leave: () => controller.abort() };
    };
    const streams = await Promise.all(Array.from({ length: 40 }, stream));
    asked = 0;
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(4);
    for (const { leave } of streams) leave();
    const askedMeanwhile = async () => {
      asked = 0;
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      return asked;
    };
    await expect.poll(askedMeanwhile).toBe(0);
    await counting.close();
  });

  test('51 streams of one account are one too many', async () => {
    const id = await door.start('alice');
    const streams = await Promise.all(Array.from({ length: 50 }, () => open(id)));
    const refused = await door.ask(`/api/pipelines/${id}/events`, { as: 'alice' });
    expect(refused.status).toBe(429);
    expect(await problemIn(refused)).toMatchObject({ code: 'too-many-streams' });
    streams[0]?.leave();
    await expect
      .poll(async () => {
        const answer = await door.ask(`/api/pipelines/${id}/events`, { as: 'alice' });
        await answer.body?.cancel();
        return answer.status;
      })
      .toBe(200);
  });

  test('an outage of the ledger is no end: the stream goes on with what happened meanwhile', async () => {
    let away = false;
    const { ledger } = door.options;
    const shaky = await openFrontDoor({
      ...door.options,
      ledger: {
        ...ledger,
        deliveriesOf: async (runs) => {
          if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
          return await ledger.deliveriesOf(runs);
        },
      },
    });
    const id = await door.start('alice');
    const own = door;
    door = shaky;
    const stream = await open(id);
    await stream.until(({ event }) => event === 'snapshot');
    away = true;
    expect((await door.ask(`/api/pipelines/${id}`, { as: 'alice' })).status).toBe(503);
    await own.work('keyword-fetch', { events: [{ type: 'pipeline.keywords.fetched', data: {} }] });
    await new Promise((resolve) => setTimeout(resolve, 700));
    away = false;
    await stream.until(
      ({ event, data }) => event === 'step' && data.name === 'keyword-fetch' && data.status === 'completed',
    );
    stream.leave();
    await shaky.close();
    door = own;
  });

  test('a server that closes ends its streams, says it is not ready, and is gone within the grace', async () => {
    const id = await door.start('alice');
    const stream = await open(id);
    await stream.until(({ event }) => event === 'snapshot');
    const ready = () => door.ingress.fetch(new Request('http://door/ready'), {});
    expect((await ready()).status).toBe(200);
    const began = Date.now();
    const closed = door.server.close({ graceMs: 25_000 });
    expect((await ready()).status).toBe(503);
    await Promise.all([closed, stream.finished]);
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});
