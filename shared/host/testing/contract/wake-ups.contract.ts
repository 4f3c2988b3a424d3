import { expect, it, vi } from 'vitest';
import { WAKE_UP } from '../../wake-up.ts';
import { type ServedWorld, wakeUp } from './served-host.ts';

/** Deliveries that a wake-up names. */
export function wakeUpContract(at: ServedWorld): void {
  it('works on the delivery that a wake-up names, and answers 202 with nothing once it is done', async () => {
    const { delivery } = await at.world.publish();
    expect(await at.send(wakeUp(delivery))).toMatchObject({ status: 202, text: '' });
    expect(await at.world.stateOf(delivery)).toBe('done');
  });

  it('takes a wake-up in structured mode too', async () => {
    const { delivery } = await at.world.publish();
    const event = {
      specversion: '1.0',
      id: `${delivery}.1`,
      source: 'urn:w',
      type: WAKE_UP,
      function: 'only-step',
    };
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
    expect(await at.send({ headers, body })).toMatchObject({ status: 202, text: '' });
    expect(await at.world.stateOf(delivery)).toBe('done');
  });

  it.each([
    ['done before', 'done'],
    ['failed for good', 'dead'],
    ['failed for now', 'later'],
  ] as const)('answers 202 for a delivery that %s: the ledger has it', async (_, state) => {
    const { delivery } = await at.world.publish();
    if (state !== 'done') at.world.fail(state);
    expect(await at.send(wakeUp(delivery))).toMatchObject({ status: 202, text: '' });
    expect(await at.world.stateOf(delivery)).toBe(state);
    expect(await at.send(wakeUp(delivery, 2))).toMatchObject({ status: 202, text: '' });
    expect(at.world.calls()).toBe(1);
  });

  it('answers 202 for a delivery that is unknown, or of another function, and does nothing', async () => {
    expect((await at.send(wakeUp('0198c0de-0000-8000-a000-000000000000'))).status).toBe(202);
    expect(at.world.calls()).toBe(0);
  });

  it('answers twenty wake-ups of one delivery when it is done, and does it once', async () => {
    const { delivery } = await at.world.publish();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => at.send(wakeUp(delivery, n))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(at.world.calls()).toBe(1);
  });

  it('answers 503 while no slot is free, and the delivery stays due', async () => {
    const release = at.world.hold();
    const busy = await Promise.all([at.world.publish(), at.world.publish()]);
    const first = busy.map(({ delivery }) => at.send(wakeUp(delivery)));
    await vi.waitFor(() => expect(at.world.calls()).toBe(2), 20_000);
    const { delivery } = await at.world.publish();
    const answer = await at.send(wakeUp(delivery));
    expect(answer).toMatchObject({ status: 503 });
    expect(answer.text).toContain('no-slot');
    expect(await at.world.stateOf(delivery)).toBe('due');
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202]);
  });

  it('answers 503 while the ledger cannot be reached', async () => {
    await at.world.withoutLedger(async () => {
      expect((await at.send(wakeUp('0198c0de-0000-8000-a000-000000000000'))).status).toBe(503);
      expect((await at.host.send({ path: '/ready' })).status).toBe(503);
      expect((await at.host.send({ path: '/_/ready' })).status).toBe(503);
      expect((await at.host.send({ path: '/health' })).status).toBe(200);
    });
  });
}

/** The last: it leaves the host drained. */
export function drainContract(at: ServedWorld): void {
  it('ends what is under way when it drains, takes nothing new, and says so to /ready', async () => {
    const release = at.world.hold();
    const busy = await Promise.all([at.world.publish(), at.world.publish()]);
    const { delivery: next } = await at.world.publish();
    const underWay = busy.map(({ delivery }) => at.send(wakeUp(delivery)));
    await vi.waitFor(() => expect(at.world.calls()).toBe(2), 20_000);
    const drained = at.world.drain();
    expect((await at.send(wakeUp(next))).status).toBe(503);
    expect((await at.host.send({ path: '/ready' })).status).toBe(503);
    expect((await at.host.send({ path: '/health' })).status).toBe(200);
    release();
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([202, 202]);
    await drained;
    expect(await at.world.stateOf(next)).toBe('due');
  });
}
