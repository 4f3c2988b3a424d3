import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Transport } from '../transport.ts';

/** What the test of a driver brings along whose wake-ups go to somebody who need not listen. */
export interface SendingWorld {
  /** A transport as another process would open it, knowing the lanes `light`, `cpu` and `ffmpeg`. */
  open(): Transport;
  /** Makes something due in the lane, where the carrier asks for more than a word. */
  makeDue(lane: string): Promise<void>;
  /** Wake-ups for the lane that have come to where they go. */
  heard(lane: string): number;
  close(): Promise<void>;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !holds(); tries++) await sleep(50);
  expect(holds()).toBe(true);
}

/** What every transport does for who sends, whatever carries its wake-ups. */
export function describeSending(name: string, create: () => Promise<SendingWorld>): void {
  describe(`sending by ${name}`, () => {
    let world: SendingWorld;
    beforeEach(async () => {
      world = await create();
    });
    afterEach(() => world.close());

    it('carries a wake-up to where it is heard, and of the named lanes alone', async () => {
      const sender = world.open();
      for (const lane of ['cpu', 'light']) await world.makeDue(lane);
      sender.send(['cpu']);
      await until(() => world.heard('cpu') > 0);
      expect(world.heard('light')).toBe(0);
      sender.send(['light']);
      await until(() => world.heard('light') > 0);
      await sender.close();
    });

    it('makes fewer wake-ups than words of a burst', async () => {
      const sender = world.open();
      await world.makeDue('light');
      for (let word = 0; word < 1_000; word++) sender.send(['light']);
      await until(() => world.heard('light') > 0);
      await sender.close();
      expect(world.heard('light')).toBeLessThan(1_000);
    });

    it('sends what waits when it is closed, and nothing afterwards', async () => {
      const sender = world.open();
      await world.makeDue('cpu');
      sender.send(['cpu']);
      await sender.close();
      await until(() => world.heard('cpu') > 0);
      await world.makeDue('light');
      sender.send(['light']);
      sender.send([]);
      await sleep(200);
      expect(world.heard('light')).toBe(0);
    });
  });
}

/** What the test of a driver brings along to which processes listen. */
export interface TransportWorld {
  /** A transport as another process would open it, knowing the lanes `light`, `cpu` and `ffmpeg`. */
  open(): Transport;
  /** Puts something into the carrier that nobody of ours sent, as if for the lane. */
  forge(lane: string, body: string): Promise<void>;
  close(): Promise<void>;
}

/** What every transport does, whatever carries it: a wake-up comes at least once to who has room, and never breaks anything. */
export function describeTransport(name: string, create: () => Promise<TransportWorld>): void {
  describeSending(name, async () => listening(await create()));

  describe(`the transport ${name}`, () => {
    let world: TransportWorld;
    const opened: Transport[] = [];
    const open = (): Transport => {
      const transport = world.open();
      opened.push(transport);
      return transport;
    };
    // A world each: a carrier keeps what a test before it sent.
    beforeEach(async () => {
      world = await create();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((transport) => transport.close()));
      await world.close();
    });

    it('carries a wake-up from one process to another, and to listeners of its own', async () => {
      const sender = open();
      const own: string[] = [];
      const others: string[] = [];
      const listener = open();
      await listener.listen((lane) => void others.push(lane), { lanes: ['cpu'] });
      sender.send(['cpu']);
      await until(() => others.length > 0);
      await sender.listen((lane) => void own.push(lane), { lanes: ['cpu'] });
      sender.send(['cpu']);
      expect(own).toContain('cpu');
    });

    it('tells a listener of its lanes alone', async () => {
      const sender = open();
      const heard: string[] = [];
      const listener = open();
      await listener.listen((lane) => void heard.push(lane), { lanes: ['light', 'ffmpeg'] });
      sender.send(['cpu', 'ffmpeg']);
      await until(() => heard.includes('ffmpeg'));
      sender.send(['light']);
      await until(() => heard.includes('light'));
      expect(heard).not.toContain('cpu');
    });

    it('wakes after the last word of a burst, in fewer wake-ups than words', async () => {
      const sender = open();
      const listener = open();
      let heardAt = 0;
      let count = 0;
      await listener.listen(
        () => {
          heardAt = performance.now();
          count += 1;
        },
        { lanes: ['light'] },
      );
      for (let word = 0; word < 1_000; word++) {
        sender.send(['light']);
        if (word % 100 === 0) await sleep(5);
      }
      const lastWord = performance.now();
      await until(() => heardAt > lastWord);
      await sleep(500);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(1_000);
    });

    it('wakes who had no room once there is room', async () => {
      const sender = open();
      const listener = open();
      let room = 0;
      let woken = 0;
      await listener.listen(
        () => {
          woken += 1;
        },
        { lanes: ['ffmpeg'], room: () => room },
      );
      sender.send(['ffmpeg']);
      await sleep(500);
      room = 1;
      await until(() => woken > 0);
    });

    it.each([
      ['no JSON', 'look now'],
      ['markup', '<xml>&amp;</xml>'],
      ['a lane that is not there', 'lane-of-nobody'],
      [
        'an event of another kind',
        JSON.stringify({ specversion: '1.0', type: 'user.deleted', id: '1', source: 'x' }),
      ],
      ['a wake-up of another lane', wakeUp({ lane: 'light' })],
      ['a lane of the wrong kind', wakeUp({ lane: ['cpu'] })],
      ['its name a megabyte long', 'x'.repeat(7_000)],
    ])('outlives %s, which wakes nobody', async (_name, body) => {
      const sender = open();
      const listener = open();
      const heard: string[] = [];
      await listener.listen((lane) => void heard.push(lane), { lanes: ['cpu'] });
      await world.forge('cpu', body);
      await sleep(500);
      expect(heard).toEqual([]);
      sender.send(['cpu']);
      await until(() => heard.length > 0);
    });
  });
}

/** Where somebody listens to every lane. */
async function listening(world: TransportWorld): Promise<SendingWorld> {
  const heard = new Map<string, number>();
  const listener = world.open();
  await listener.listen((lane) => void heard.set(lane, (heard.get(lane) ?? 0) + 1));
  return {
    open: world.open,
    makeDue: async () => undefined,
    heard: (lane) => heard.get(lane) ?? 0,
    async close() {
      await listener.close();
      await world.close();
    },
  };
}

function wakeUp(more: object): string {
  return JSON.stringify({
    specversion: '1.0',
    type: 'millrace.wake-up',
    id: '1',
    source: 'somebody',
    ...more,
  });
}
