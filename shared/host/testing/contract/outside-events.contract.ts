import { CloudEvent, HTTP } from 'cloudevents';
import { expect, it } from 'vitest';
import { exampleArtifact } from '#shared/events';
import { WAKE_UP } from '../../wake-up.ts';
import { type Sending, type ServedWorld, wakeUp } from './served-host.ts';

const ATTRIBUTES = { specversion: '1.0', id: 'outside-1', source: '/shop', type: 'pipeline.started' };
const HEADERS = Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, value]) => [`ce-${name}`, value]));
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const ALICE = { authorization: 'Bearer alice' };

/** Whole events from outside, of callers who are somebody. */
export function outsideEventContract(at: ServedWorld): void {
  const whole = (more: Partial<Record<string, unknown>> = {}): Sending => ({
    headers: { ...STRUCTURED, ...ALICE },
    body: JSON.stringify({ ...ATTRIBUTES, data: at.world.started, ...more }),
  });

  const withScript = () => ({
    settings: (at.world.started as { settings: unknown }).settings,
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

  it.each<[how: string, request: () => Sending]>([
    ['structured', () => whole()],
    [
      'binary',
      () => ({
        headers: { ...HEADERS, ...ALICE, 'content-type': 'application/json' },
        body: JSON.stringify(at.world.started),
      }),
    ],
    [
      'binary, percent-encoded',
      () => ({
        headers: { ...HEADERS, ...ALICE, 'ce-subject': 'caf%C3%A9', 'content-type': 'application/json' },
        body: JSON.stringify(at.world.started),
      }),
    ],
    ['structured, not ASCII', () => whole({ subject: 'café ☕' })],
    [
      'in base64',
      () =>
        whole({
          data: undefined,
          data_base64: Buffer.from(JSON.stringify(at.world.started)).toString('base64'),
        }),
    ],
    [
      'by the CloudEvents SDK, binary',
      () => {
        const { headers, body } = HTTP.binary(new CloudEvent({ ...ATTRIBUTES, data: at.world.started }));
        return { headers: { ...(headers as Record<string, string>), ...ALICE }, body: String(body) };
      },
    ],
    [
      'by the CloudEvents SDK, structured',
      () => {
        const { headers, body } = HTTP.structured(new CloudEvent({ ...ATTRIBUTES, data: at.world.started }));
        return { headers: { ...(headers as Record<string, string>), ...ALICE }, body: String(body) };
      },
    ],
  ])('takes a whole event of an authenticated caller once, %s', async (_, request) => {
    expect(await at.send(request())).toMatchObject({ status: 202, text: '' });
    expect(await at.send(request())).toMatchObject({ status: 202, text: '' });
    expect(await at.world.runs()).toEqual([{ owner: 'acc-alice', type: 'pipeline.started' }]);
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
    const answer = await at.send(request());
    expect(answer.status).toBe(status);
    expect(Buffer.byteLength(answer.text)).toBeLessThan(768);
    expect(JSON.parse(answer.text)).toMatchObject({ status });
    expect(await at.world.runs()).toEqual([]);
  });

  it('lets an admin say what only functions say, where it starts a flow', async () => {
    const headers = { ...STRUCTURED, authorization: 'Bearer root' };
    const placed = { ...whole({ type: 'pipeline.video.placed', data: { products: [] } }), headers };
    expect((await at.send(placed)).status).toBe(422);
    expect((await at.send({ ...whole(), headers })).status).toBe(202);
    expect((await at.send({ ...whole({ id: 'with-script', data: withScript() }), headers })).status).toBe(
      202,
    );
  });
}
