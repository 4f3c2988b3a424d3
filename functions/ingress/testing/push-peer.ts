import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Ports } from '#shared/function';
import { createPushes, notificationLinks } from '#shared/notifications';
import { createOutbound } from '#shared/outbound';
import { createWebPush } from '#shared/push';
import { type Browser, decryptPush, openBrowser } from '../../../test/push-browser.ts';
import type { Enrolled } from './enrolled.ts';
import type { FrontDoor } from './front-door.ts';

interface TakenPush {
  readonly headers: IncomingHttpHeaders;
  /** As its browser reads it. */
  readonly message: unknown;
}

interface Subscriber {
  readonly browser: Browser;
  readonly taken: TakenPush[];
  status: number;
  headers: Record<string, string>;
}

/** A push service with browsers behind it, which decrypt what they get, and the ports that send to it. */
export async function openPushPeer(door: FrontDoor) {
  const subscribers = new Map<string, Subscriber>();
  const server = createServer((request, response) => {
    void (async () => {
      const subscriber = subscribers.get((request.url ?? '').slice(1));
      const body = await buffer(request);
      if (subscriber === undefined) return void response.writeHead(404).end();
      const message: unknown = JSON.parse(decryptPush(body, subscriber.browser));
      subscriber.taken.push({ headers: request.headers, message });
      response.writeHead(subscriber.status, subscriber.headers).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const { pool, rows } = door.fixture;
  const key = door.options.pushKey;
  if (key === undefined) throw new Error('the front door has no key for pushes');

  /** As a browser gives it. */
  function subscription(browser = openBrowser(), path: string = randomUUID()) {
    const { p256dh, auth } = browser.keys;
    return {
      endpoint: `https://push.example.org/${path}`,
      expirationTime: null,
      keys: { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') },
    };
  }

  return {
    subscription,
    ports: {
      pushes: createPushes({
        pool,
        links: notificationLinks({ publicUrl: door.url.replace(/\/$/, ''), appUrl: door.options.appUrl }),
      }),
      webPush: createWebPush({ key, outbound: createOutbound({ allow: ['127.0.0.1'] }) }),
    } satisfies Partial<Ports>,
    /** Over HTTP as a browser does; its push service is then this one, which has no certificate. */
    async subscribe(who: Enrolled, endpoint = `http://127.0.0.1:${port}/${who.id}`): Promise<void> {
      const browser = openBrowser();
      const answer = await who.ask('/notifications/push/subscriptions', {
        body: subscription(browser, who.id),
      });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
      await rows('update people.push_subscription set endpoint = $2 where account = $1', [who.id, endpoint]);
      subscribers.set(who.id, { browser, taken: [], status: 201, headers: {} });
    },
    answerWith(who: Enrolled, status: number, headers: Record<string, string> = {}): void {
      Object.assign(subscribers.get(who.id) ?? {}, { status, headers });
    },
    takenFor: (who: Enrolled): readonly TakenPush[] => subscribers.get(who.id)?.taken ?? [],
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
