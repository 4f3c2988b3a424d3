import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came of a connection, whoever ended it. */
export interface Conversation {
  /** Of the first answer; undefined where none came. */
  readonly status: number | undefined;
  /** All that was received. */
  readonly text: string;
  readonly sentBytes: number;
  /** The server closed it within the time given. */
  readonly closed: boolean;
}

/**
 * Speaks HTTP as no library would: sends `head` as it is, then `body` chunk by chunk for as long as the server takes
 * them, then waits until the server closes the connection, or has answered and `waitForClose` is false.
 */
export async function converse(options: {
  port: number;
  head: string;
  body?: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  limitMs: number;
  waitForClose?: boolean;
}): Promise<Conversation> {
  const { port, head, body = [], limitMs, waitForClose = true } = options;
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let sentBytes = 0;
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (!waitForClose && text.includes('\r\n\r\n')) socket.destroy();
  });
  // How it ended is seen by `close`; the server may well cut us off.
  socket.on('error', () => undefined);
  socket.setMaxListeners(0);
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, limitMs, false).unref());
  const sending = (async () => {
    socket.write(head);
    for await (const chunk of body) {
      if (socket.destroyed || !socket.writable) return;
      sentBytes += chunk.length;
      if (!socket.write(chunk)) await drained(socket);
    }
  })();
  const ended = await Promise.race([closed, late]);
  socket.destroy();
  await Promise.race([sending, late]);
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  return { status: status === undefined ? undefined : Number(status), text, sentBytes, closed: ended };
}

async function drained(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
}

/** Bytes without end in sight, made as they are taken. */
export function* bytes(total: number, { chunked = false } = {}): Generator<Uint8Array> {
  const block = Buffer.alloc(65_536, 'a');
  const framed = chunked ? Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]) : block;
  for (let sent = 0; sent < total; sent += block.length) yield framed;
}

/** A text, one character each `everyMs`. */
export async function* dribble(text: Iterable<string>, everyMs: number): AsyncGenerator<string> {
  for (const character of text) {
    await new Promise((resolve) => setTimeout(resolve, everyMs).unref());
    yield character;
  }
}
