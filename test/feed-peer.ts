import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCalendars } from '#shared/calendars';
import type { Pool } from '#shared/database';
import type { FunctionDefinition, Outcome } from '#shared/function';
import { createOutbound } from '#shared/outbound';
import { team } from './given-calendar.ts';

/** A server of somebody else, with a calendar whose version is the number of its bytes. */
export interface FeedPeer {
  readonly url: string;
  body: string;
  /** 302 leads into a private network. */
  status: number;
  /** Whether it says which version it sends. */
  isTagged: boolean;
  /** What each who came knew already. */
  asked: (string | undefined)[];
  close(): void;
}

export async function openFeedPeer(): Promise<FeedPeer> {
  const server = createServer((request, response) => {
    const { body, status, isTagged } = peer;
    const known = request.headers['if-none-match'];
    peer.asked.push(known);
    if (status === 302) response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else if (known === `"${body.length}"` && status === 200) response.writeHead(304).end();
    else response.writeHead(status, isTagged ? { etag: `"${body.length}"` } : {}).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer: FeedPeer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/team.ics`,
    body: team(),
    status: 200,
    isTagged: true,
    asked: [],
    close: () => server.close(),
  };
  return peer;
}

/**
 * Looks at a feed as a worker does, up to its commit; answers what that would write.
 *
 * @param request `allow`: addresses that are private and may be asked
 */
export async function lookAtFeed(request: {
  definition: FunctionDefinition<'calendar.refresh-requested', 'outbound' | 'calendars'>;
  pool: Pool;
  user: string;
  calendar: string;
  allow?: string[] | undefined;
}): Promise<Outcome['write']> {
  const { definition, pool, user, calendar, allow = ['127.0.0.1'] } = request;
  const never = (): never => {
    throw new Error('not needed');
  };
  const received = {
    ...{ id: 'an-event', type: 'calendar.refresh-requested' as const, key: undefined },
    data: { user, calendar },
  };
  const { write } = await definition.handle(
    {
      run: { id: 'a-run', owner: user, title: 'a look' },
      delivery: { id: 'a-delivery', attempt: 1, key: undefined },
      one: () => received as never,
      all: () => [received] as never,
    },
    {
      outbound: createOutbound({ allow }),
      calendars: createCalendars({ pool }),
      signal: new AbortController().signal,
      clock: { now: () => new Date() },
      random: { next: () => 0.5 },
      log: { info: () => undefined, warn: () => undefined },
      progress: () => undefined,
      workdir: '',
      ...{ provider: never, put: never, fetch: never, place: never },
    },
  );
  return write;
}
