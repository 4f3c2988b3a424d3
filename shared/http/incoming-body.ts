import type { IncomingMessage } from 'node:http';
import { type BodyLimits, bodyCut, tooLarge, tooSlow } from './json-body.ts';

/** What is too large is thrown away up to so many times the limit: its sender reads the answer only when it has sent all. */
const PATIENCE = 8;

/** A request's body, within the limits, as Node's own server has it. @throws HttpProblem 400 `body-cut`, 408, 413 */
export function readIncoming(
  incoming: IncomingMessage,
  { maxBytes, timeoutMs }: Pick<BodyLimits, 'maxBytes' | 'timeoutMs'>,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let length = 0;
  let isTooLarge = Number(incoming.headers['content-length'] ?? 0) > maxBytes;
  const late = setTimeout(
    () => reject(isTooLarge ? tooLarge(maxBytes) : tooSlow(timeoutMs)),
    timeoutMs,
  ).unref();
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) isTooLarge = true;
    if (isTooLarge) chunks.length = 0;
    else chunks.push(chunk);
    if (length > maxBytes * PATIENCE) reject(tooLarge(maxBytes));
  });
  incoming.once('end', () => (isTooLarge ? reject(tooLarge(maxBytes)) : resolve(Buffer.concat(chunks))));
  incoming.once('error', () => reject(bodyCut()));
  incoming.once('close', () => reject(bodyCut()));
  return promise.finally(() => clearTimeout(late));
}
