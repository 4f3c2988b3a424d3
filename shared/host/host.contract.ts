import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleArtifact } from '#shared/events';
import type { HostWorld } from './testing/host-world.ts';
import { WAKE_UP } from './wake-up.ts';

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** One way to serve the receiver of a world. */
export interface ServedHost {
  send(request: Sending): Promise<Answered>;
  stop(): Promise<void>;
}

const ATTRIBUTES = { specversion: '1.0', id: 'outside-1', source: '/shop', type: 'pipeline.started' };
const HEADERS = Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, value]) => [`ce-${name}`, value]));
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const ALICE = { authorization: 'Bearer alice' };

/** What every host does with what it is sent. The same on each: brokers must not notice which one they talk to. */
export function hostContract(
  name: string,
  options: {
    world: () => Promise<HostWorld>;
    serve: (world: HostWorld) => Promise<ServedHost>;
    /** What stands between sender and host and answers some paths itself. */
    before?: 'a proxy that cleans paths';
  },
): void {
  describe(`a host, ${name}`, () => {
    let world: HostWorld;
    let host: ServedHost;
    beforeAll(async () => {
      world = await options.world();
      host = await options.serve(world);
    });
    afterAll(async () => {
      await host.stop();
      await world.close();
    });
    beforeEach(() => world.clear());

    const send = (request: Sending) => host.send({ method: 'POST', path: '/', ...request });
    const wakeUp = (delivery: string, n = 1): Sending => ({
      headers: {
        'ce-specversion': '1.0',
        'ce-id': `${delivery}.${n}`,
        'ce-source': 'urn:millrace:wake-up',
        'ce-type': WAKE_UP,
        'ce-function': 'only-step',
      },
    });
    const whole = (more: Partial<Record<string, unknown>> = {}): Sending => ({
      headers: { ...STRUCTURED, ...ALICE },
      body: JSON.stringify({ ...ATTRIBUTES, data: world.started, ...more }),
    });

    const withScript = () => ({
      settings: (world.started as { settings: unknown }).settings,
      script: exampleArtifact('script.md', 'text/markdown'),
    });
    const deep = (open: string, close: string, levels: number): Sending => ({
      headers: { ...STRUCTURED, ...ALICE },
      body: JSON.stringify({ ...ATTRIBUTES, data: '?' }).replace(
        '"?"',
        `${open.repeat(levels)}1${close.repeat(levels)}`,
      ),
    });
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`UPPER${n}`, 'x']));

    it('works on the delivery that a wake-up names, and answers 202 with nothing once it is done', async () => {
      const { delivery } = await world.publish();
      expect(await send(wakeUp(delivery))).toMatchObject({ status: 202, text: '' });
      expect(await world.stateOf(delivery)).toBe('done');
    });

    it('takes a wake-up in structured mode too', async () => {
      const { delivery } = await world.publish();
      const event = {
        specversion: '1.0',
        id: `${delivery}.1`,
        source: 'urn:w',
        type: WAKE_UP,
        function: 'only-step',
      };
      const body = JSON.stringify(event);
      const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
      expect(await send({ headers, body })).toMatchObject({ status: 202, text: '' });
      expect(await world.stateOf(delivery)).toBe('done');
    });

    it.each([
      ['done before', 'done'],
      ['failed for good', 'dead'],
      ['failed for now', 'later'],
    ] as const)('answers 202 for a delivery that %s: the ledger has it', async (_, state) => {
      const { delivery } = await world.publish();
      if (state !== 'done') world.fail(state);
      expect(await send(wakeUp(delivery))).toMatchObject({ status: 202, text: '' });
      expect(await world.stateOf(delivery)).toBe(state);
      expect(await send(wakeUp(delivery, 2))).toMatchObject({ status: 202, text: '' });
      expect(world.calls()).toBe(1);
    });

    it('answers 202 for a delivery that is unknown, or of another function, and does nothing', async () => {
      expect((await send(wakeUp('0198c0de-0000-8000-a000-000000000000'))).status).toBe(202);
      expect(world.calls()).toBe(0);
    });

    it('answers twenty wake-ups of one delivery when it is done, and does it once', async () => {
      const { delivery } = await world.publish();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => send(wakeUp(delivery, n))));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(world.calls()).toBe(1);
    });

    it('answers 503 while no slot is free, and the delivery stays due', async () => {
      const release = world.hold();
      const busy = await Promise.all([world.publish(), world.publish()]);
      const first = busy.map(({ delivery }) => send(wakeUp(delivery)));
      await vi.waitFor(() => expect(world.calls()).toBe(2), 20_000);
      const { delivery } = await world.publish();
      const answer = await send(wakeUp(delivery));
      expect(answer).toMatchObject({ status: 503 });
      expect(answer.text).toContain('no-slot');
      expect(await world.stateOf(delivery)).toBe('due');
      release();
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202]);
    });

    it('answers 503 while the ledger cannot be reached', async () => {
      await world.withoutLedger(async () => {
        expect((await send(wakeUp('0198c0de-0000-8000-a000-000000000000'))).status).toBe(503);
        expect((await host.send({ path: '/ready' })).status).toBe(503);
        expect((await host.send({ path: '/_/ready' })).status).toBe(503);
        expect((await host.send({ path: '/health' })).status).toBe(200);
      });
    });

    it.each<[how: string, request: () => Sending]>([
      ['structured', () => whole()],
      [
        'binary',
        () => ({
          headers: { ...HEADERS, ...ALICE, 'content-type': 'application/json' },
          body: JSON.stringify(world.started),
        }),
      ],
      [
        'binary, percent-encoded',
        () => ({
          headers: { ...HEADERS, ...ALICE, 'ce-subject': 'caf%C3%A9', 'content-type': 'application/json' },
          body: JSON.stringify(world.started),
        }),
      ],
      ['structured, not ASCII', () => whole({ subject: 'café ☕' })],
      [
        'in base64',
        () =>
          whole({
            data: undefined,
            data_base64: Buffer.from(JSON.stringify(world.started)).toString('base64'),
          }),
      ],
      [
        'by the CloudEvents SDK, binary',
        () => {
          const { headers, body } = HTTP.binary(new CloudEvent({ ...ATTRIBUTES, data: world.started }));
          return { headers: { ...(headers as Record<string, string>), ...ALICE }, body: String(body) };
        },
      ],
      [
        'by the CloudEvents SDK, structured',
        () => {
          const { headers, body } = HTTP.structured(new CloudEvent({ ...ATTRIBUTES, data: world.started }));
          return { headers: { ...(headers as Record<string, string>), ...ALICE }, body: String(body) };
        },
      ],
    ])('takes a whole event of an authenticated caller once, %s', async (_, request) => {
      expect(await send(request())).toMatchObject({ status: 202, text: '' });
      expect(await send(request())).toMatchObject({ status: 202, text: '' });
      expect(await world.runs()).toEqual([{ owner: 'acc-alice', type: 'pipeline.started' }]);
    });

    it.each<[what: string, request: () => Sending, status: number]>([
      ['without an id', () => whole({ id: undefined }), 400],
      ['with an empty id', () => whole({ id: '' }), 400],
      ['without a source', () => whole({ source: undefined }), 400],
      ['without a type', () => whole({ type: undefined }), 400],
      ['of another version', () => whole({ specversion: '0.3' }), 400],
      ['with a control character', () => whole({ subject: 'a\u0000b' }), 400],
      ['with half a surrogate pair', () => whole({ subject: '\ud800' }), 400],
      ['with a name in capitals', () => whole({ Extra: 'x' }), 400],
      ['with an attribute of 2,000 characters', () => whole({ subject: 'x'.repeat(2_000) }), 400],
      ['with an attribute that is an object', () => whole({ extra: {} }), 400],
      ['with data of the wrong shape', () => whole({ data: { topic: 5 } }), 400],
      ['of a type that nobody knows', () => whole({ type: 'pipeline.strated' }), 422],
      ['of a type that a function emits', () => whole({ type: 'pipeline.video.placed' }), 403],
      ['of the type that ends a run', () => whole({ type: 'pipeline.completed' }), 403],
      ['that names an object of somebody', () => whole({ data: withScript() }), 403],
      ['without a token', () => ({ ...whole(), headers: STRUCTURED }), 401],
      ['of 200,000 lists in each other', () => deep('[', ']', 200_000), 400],
      ['of 100,000 objects in each other', () => deep('{"a":', '}', 100_000), 400],
      ['of 50,000 attributes', () => whole(attributes(50_000)), 400],
      [
        'with a prototype',
        () => ({ ...whole(), body: String(whole().body).replace('{', '{"__proto__":{"id":"x"},') }),
        400,
      ],
      [
        'with a forged token',
        () => ({ ...whole(), headers: { ...STRUCTURED, authorization: 'Bearer x' } }),
        401,
      ],
      ['that is a list', () => ({ headers: { ...STRUCTURED, ...ALICE }, body: '[]' }), 400],
      ['that is no JSON', () => ({ headers: { ...STRUCTURED, ...ALICE }, body: '{"id":' }), 400],
      ['that is empty', () => ({ headers: { ...STRUCTURED, ...ALICE }, body: '' }), 400],
      [
        'that is no UTF-8',
        () => ({ headers: { ...STRUCTURED, ...ALICE }, body: Buffer.from([0x22, 0xff, 0x22]) }),
        400,
      ],
      [
        'in a batch',
        () => ({ headers: { ...ALICE, 'content-type': 'application/cloudevents-batch+json' }, body: '[]' }),
        415,
      ],
      [
        'in Latin-1',
        () => ({
          ...whole(),
          headers: { ...ALICE, 'content-type': 'application/cloudevents+json; charset=latin1' },
        }),
        415,
      ],
      [
        'in binary mode with XML',
        () => ({ headers: { ...HEADERS, ...ALICE, 'content-type': 'text/xml' }, body: '<a/>' }),
        415,
      ],
      ['of 2 MB', () => whole({ data: 'x'.repeat(2 * 2 ** 20) }), 413],
      ['that is plain JSON', () => ({ headers: { 'content-type': 'application/json' }, body: '{}' }), 400],
      ['that is nothing', () => ({ headers: {} }), 400],
      [
        'as a wake-up without a number',
        () => ({ headers: { ...HEADERS, 'ce-type': WAKE_UP, 'ce-function': 'a' } }),
        400,
      ],
      [
        'as a wake-up with data',
        () => {
          const wake = wakeUp('0198c0de-0000-8000-a000-000000000000');
          return { headers: { ...wake.headers, 'content-type': 'application/json' }, body: '{}' };
        },
        400,
      ],
    ])('refuses an event %s, in less than 768 bytes', async (_, request, status) => {
      const answer = await send(request());
      expect(answer.status).toBe(status);
      expect(Buffer.byteLength(answer.text)).toBeLessThan(768);
      expect(JSON.parse(answer.text)).toMatchObject({ status });
      expect(await world.runs()).toEqual([]);
    });

    it('lets an admin say what only functions say, where it starts a flow', async () => {
      const headers = { ...STRUCTURED, authorization: 'Bearer root' };
      const placed = { ...whole({ type: 'pipeline.video.placed', data: { products: [] } }), headers };
      expect((await send(placed)).status).toBe(422);
      expect((await send({ ...whole(), headers })).status).toBe(202);
      expect((await send({ ...whole({ id: 'with-script', data: withScript() }), headers })).status).toBe(202);
    });

    it('tells on /metrics how many requests it answered and how long that took, by route', async () => {
      const asked = async (series: string): Promise<number> => {
        const { text } = await host.send({ path: '/metrics' });
        return Number(
          text
            .split('\n')
            .find((line) => line.startsWith(`${series} `))
            ?.split(' ')[1] ?? 0,
        );
      };
      const series = 'millrace_host_requests_total{route="/health",status="200"}';
      const before = await asked(series);
      await host.send({ path: '/health' });
      expect(await asked(series)).toBe(before + 1);
      expect(await asked('millrace_host_request_duration_seconds_count{route="/health"}')).toBe(before + 1);
      expect(await asked('millrace_host_request_duration_seconds_bucket{route="/health",le="+Inf"}')).toBe(
        before + 1,
      );
      await host.send({ path: '/anything/at/all' });
      expect(await asked('millrace_host_requests_total{route="other",status="404"}')).toBeGreaterThan(0);
    });

    it.each([
      ['GET', '/health', 200],
      ['GET', '/_/health', 200],
      ['GET', '/ready', 200],
      ['GET', '/_/ready', 200],
      ['GET', '/metrics', 200],
      ['GET', '/', 404],
      ['GET', '/nothing', 404],
      ['POST', '/nothing', 404],
      ['POST', '/health/', 404],
      ['DELETE', '/', 404],
      ['POST', '/command', 404],
    ])('answers %s %s with %i, never with a redirect', async (method, path, status) => {
      const answer = await host.send({ method, path });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('location')).toBeNull();
      if (status !== 200) expect(Buffer.byteLength(answer.text)).toBeLessThan(768);
    });

    if (options.before === undefined)
      it('takes // for nothing, never with a redirect', async () => {
        const answer = await host.send({ method: 'POST', path: '//' });
        expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
      });

    // The last: it leaves the host drained.
    it('ends what is under way when it drains, takes nothing new, and says so to /ready', async () => {
      const release = world.hold();
      const busy = await Promise.all([world.publish(), world.publish()]);
      const { delivery: next } = await world.publish();
      const underWay = busy.map(({ delivery }) => send(wakeUp(delivery)));
      await vi.waitFor(() => expect(world.calls()).toBe(2), 20_000);
      const drained = world.drain();
      expect((await send(wakeUp(next))).status).toBe(503);
      expect((await host.send({ path: '/ready' })).status).toBe(503);
      expect((await host.send({ path: '/health' })).status).toBe(200);
      release();
      expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([202, 202]);
      await drained;
      expect(await world.stateOf(next)).toBe('due');
    });
  });
}
