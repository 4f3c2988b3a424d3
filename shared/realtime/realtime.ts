import type { Pool } from '#shared/database';
import type { Clock } from '#shared/function';
import { HttpProblem } from '#shared/http';
import type { Log } from '#shared/telemetry';
import { createCatchUp } from './catch-up.ts';
import { ANNOUNCED_CHANNEL, HEARD_CHANNEL, readAnnounced, SESSION_CHANNEL } from './channels.ts';
import { createDelivery } from './delivery.ts';
import { frameOf } from './frame.ts';
import { createHeardReader } from './heard.ts';
import { createListening } from './listening.ts';
import type { EndReason, Listener, Peer } from './peer.ts';
import { createSeats, type Seat } from './seat.ts';

/** Milliseconds. */
const SWEEP_MS = 1_000;
const REPAIR_MS = 20_000;
const PRUNE_MS = 60_000;
const REPAIRED_AT_ONCE = 1_000;
const MOST = { perAccount: 20, perProcess: 10_000 };

export interface RealtimeWatcher {
  came?(account: string): void;
  /** He was greeted, and has caught up. */
  hears?(account: string): void;
  ended?(why: EndReason): void;
}

/** What people hear in this process, through all its doors. */
export interface Realtime {
  readonly isDraining: boolean;
  /** @throws HttpProblem 429 `streams-too-many`, 503 `draining`, `process-full` */
  admit(account: string): void;
  /** Lets somebody hear, from his cursor on; answers what to call when the other side leaves. */
  open(peer: Peer, listener: Listener): () => void;
  /** Tells those of an account who are connected here, and keeps nothing. */
  tell(account: string, news: { readonly type: string; readonly data: object }): void;
  /** Those who are connected here. */
  accounts(): readonly string[];
  /** Calls back for whoever comes, hears from now on, and ends. */
  watch(watcher: RealtimeWatcher): void;
  /** Ends all with `shutting-down`; nobody is admitted any more. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * @param url of the database itself, past any pooler: one session listens there, from the first listener on
 * @param repairMs how often is looked for what no notice told of
 */
export function createRealtime(options: {
  pool: Pool;
  url: string;
  log: Log;
  clock: Clock;
  most?: { readonly perAccount: number; readonly perProcess: number };
  repairMs?: number;
}): Realtime {
  const { pool, url, log, clock, most = MOST, repairMs = REPAIR_MS } = options;
  const heard = createHeardReader({ pool });
  const watchers: RealtimeWatcher[] = [];
  let isDraining = false;

  const seats = createSeats({
    onEnd(why) {
      for (const watcher of watchers) watcher.ended?.(why);
    },
  });
  const catchUp = createCatchUp({ seats, heard });
  const delivery = createDelivery({
    ...{ seats, heard, log },
    onGap: (seat) => follow(seat, () => catchUp.again(seat)),
  });
  const listening = createListening({
    ...{ url, log },
    channels: [HEARD_CHANNEL, ANNOUNCED_CHANNEL, SESSION_CHANNEL],
    onNotice,
    onBegun: () => delivery.wake(seats.accounts()),
  });

  function onNotice(channel: string, text: string): void {
    switch (channel) {
      case HEARD_CHANNEL:
        delivery.wake(text.split(','));
        break;
      case ANNOUNCED_CHANNEL: {
        const announced = readAnnounced(text);
        for (const account of announced?.to ?? []) if (announced !== undefined) tell(account, announced);
        break;
      }
      case SESSION_CHANNEL:
        endSessions([text]);
        break;
    }
  }

  function tell(account: string, { type, data }: { type: string; data: object }): void {
    if (seats.count(account) === 0) return;
    const frame = frameOf({ type, data });
    for (const seat of seats.of(account)) if (seat.isGreeted) seats.send(seat, frame);
  }

  function endSessions(sessions: readonly string[]): void {
    const over = new Set(sessions);
    for (const seat of seats.all())
      if (seat.session !== undefined && over.has(seat.session)) seats.end(seat, 'session-ended');
  }

  /** Brings somebody up to now; what comes meanwhile is looked for afterwards. */
  function follow(seat: Seat, bring: () => Promise<void>): void {
    bring().then(
      () => delivery.wake([seat.account]),
      (error: unknown) => {
        log.warn({ error }, 'a listener could not be brought up to now');
        seats.end(seat, 'unavailable');
      },
    );
  }

  async function begin(seat: Seat): Promise<void> {
    await listening.begin();
    if (seat.session !== undefined) endSessions(await heard.endedSessions([seat.session]));
    await catchUp.greet(seat);
    if (!seat.isOver) for (const watcher of watchers) watcher.hears?.(seat.account);
  }

  /** What notices told while nobody listened: of news, and of sessions. */
  async function repair(): Promise<void> {
    const all = [...seats.all()];
    for (let at = 0; at < all.length; at += REPAIRED_AT_ONCE) {
      const page = all.slice(at, at + REPAIRED_AT_ONCE);
      const lasts = await heard.lasts([...new Set(page.map(({ account }) => account))]);
      const behind = page.filter(
        ({ account, cursor, isLive }) =>
          isLive && cursor !== undefined && cursor < (lasts.get(account) ?? 0n),
      );
      delivery.wake(behind.map(({ account }) => account));
      const sessions = page.flatMap(({ session }) => (session === undefined ? [] : [session]));
      if (sessions.length > 0) endSessions(await heard.endedSessions(sessions));
    }
  }

  function sweep(): void {
    const now = clock.now();
    for (const seat of seats.all()) if (seat.expiresAt <= now) seats.end(seat, 'token-expired');
  }

  function drain(): void {
    isDraining = true;
    for (const seat of seats.all()) seats.end(seat, 'shutting-down');
  }

  const every = (ms: number, look: () => void | Promise<void>, failed: string): NodeJS.Timeout => {
    let isRunning = false;
    return setInterval(async () => {
      if (isRunning) return;
      isRunning = true;
      try {
        await look();
      } catch (error) {
        log.warn({ error }, failed);
      }
      isRunning = false;
    }, ms).unref();
  };
  const timers = [
    every(SWEEP_MS, sweep, 'tokens could not be looked at'),
    every(repairMs, repair, 'what people may have missed could not be looked for'),
    every(PRUNE_MS, () => heard.prune(), 'what people heard long ago could not be forgotten'),
  ];

  return {
    get isDraining() {
      return isDraining;
    },
    admit(account) {
      if (isDraining) throw refused(503, 'draining', 'This process is shutting down; connect again.', '2');
      if (seats.count(account) >= most.perAccount)
        throw refused(
          429,
          'streams-too-many',
          `At most ${most.perAccount} of your connections may be open at a time; close one.`,
          '10',
        );
      if (seats.size >= most.perProcess)
        throw refused(503, 'process-full', 'No more connections can be held here; connect again.', '5');
    },
    open(peer, listener) {
      const seat = seats.add(peer, listener);
      for (const watcher of watchers) watcher.came?.(seat.account);
      if (isDraining) seats.end(seat, 'shutting-down');
      else follow(seat, () => begin(seat));
      return () => seats.end(seat, 'left');
    },
    tell,
    accounts: () => [...seats.accounts()],
    watch: (watcher) => void watchers.push(watcher),
    drain,
    async close() {
      drain();
      for (const timer of timers) clearInterval(timer);
      await delivery.stop();
      await listening.close();
    },
  };
}

function refused(status: number, code: string, detail: string, retryAfter: string): HttpProblem {
  return new HttpProblem({ status, code, detail, headers: { 'Retry-After': retryAfter } });
}
