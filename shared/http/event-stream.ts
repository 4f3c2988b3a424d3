/** One message of a stream (WHATWG HTML, section 9.2). */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id?: string;
}

/** Why a stream ended. */
export type StreamEnd = 'done' | 'reader-left' | 'reader-too-slow' | 'shutting-down';

export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes that wait for the reader. */
  readonly waiting: number;
  /** Does nothing once the stream has ended. */
  send(event: StreamEvent): void;
  end(why: StreamEnd): void;
  /** Settles once, when the stream has ended however it ended. */
  readonly ended: Promise<StreamEnd>;
}

/**
 * A server-sent event stream with a heartbeat, so that proxies keep it open and a dead peer is noticed.
 *
 * What the reader has not taken waits in memory; a reader who leaves more than `maxBufferedBytes` there, or takes
 * nothing between two heartbeats, is dropped. It reconnects and begins with a fresh snapshot.
 */
export function openEventStream({
  heartbeatMs = 15_000,
  maxBufferedBytes = 512 * 1024,
  retryMs = 2_000,
  cut,
}: {
  heartbeatMs?: number;
  maxBufferedBytes?: number;
  retryMs?: number;
  /** Ends the connection of a reader who is too slow; without it the body fails, which servers log as a fault. */
  cut?: (() => void) | undefined;
} = {}): EventStream {
  const encoder = new TextEncoder();
  const { promise: ended, resolve: settle } = Promise.withResolvers<StreamEnd>();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Bytes, of all that was written, and of what the reader had taken at the last heartbeat. */
  let written = 0;
  let taken = -1;

  const body = new ReadableStream<Uint8Array>(
    {
      start: (opened) => {
        controller = opened;
      },
      cancel: () => finish('reader-left'),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxBufferedBytes }),
  );

  function finish(why: StreamEnd): void {
    const open = controller;
    if (open === undefined) return;
    controller = undefined;
    clearInterval(heartbeat);
    if (why === 'reader-too-slow' && cut !== undefined) cut();
    else if (why === 'reader-too-slow') open.error(new Error('The reader is too slow.'));
    else if (why !== 'reader-left') open.close();
    settle(why);
  }

  function write(text: string): void {
    if (controller === undefined) return;
    const bytes = encoder.encode(text);
    written += bytes.length;
    controller.enqueue(bytes);
    if ((controller.desiredSize ?? 0) <= 0) finish('reader-too-slow');
  }

  function waiting(): number {
    return controller === undefined ? 0 : maxBufferedBytes - (controller.desiredSize ?? 0);
  }

  function beat(): void {
    const before = taken;
    taken = written - waiting();
    if (waiting() > 0 && taken === before) {
      finish('reader-too-slow');
      return;
    }
    write(': alive\n\n');
  }

  const heartbeat = setInterval(beat, heartbeatMs).unref();
  write(`retry: ${retryMs}\n\n`);

  return {
    body,
    get waiting() {
      return waiting();
    },
    ended,
    end: finish,
    send: ({ event, data, id }) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
  };
}
