import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { Permanent, Transient } from '#shared/errors';
import type { AddressRule } from './addresses.ts';
import { isRefusedAddress, permittedLookup, refusedAddress } from './lookup.ts';

export interface Answer {
  readonly status: number;
  /** Names in lower case; of several with one name the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request without redirects: a POST where there is a `body`. The address that its name leads to is looked at as the connection is made: no second look. */
export function request(options: {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  maxBytes: number;
  rule: AddressRule;
  signal: AbortSignal;
  /** Aborts when the time is up. */
  limit: AbortSignal;
}): Promise<Answer> {
  const { url, headers, body, maxBytes, rule, signal, limit } = options;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(asFailure(error, { signal, limit }));
    // Without a name nothing is looked up.
    if (isRefusedAddress(url, rule)) return fail(refusedAddress());
    const open = url.protocol === 'https:' ? overHttps : overHttp;
    const asked = open(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'Millrace' },
        lookup: permittedLookup(rule),
        signal: AbortSignal.any([signal, limit]),
        // A connection that is kept might be somebody else's.
        agent: false,
        maxHeaderSize: 16_384,
      },
      (answer) => {
        read(answer, maxBytes).then(resolve, (error: unknown) => {
          asked.destroy();
          fail(error);
        });
      },
    );
    asked.on('error', fail);
    asked.end(body);
  });
}

async function read(answer: IncomingMessage, maxBytes: number): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first]];
    }),
  );
  if (Number(headers['content-length'] ?? '0') > maxBytes) throw tooLarge(maxBytes);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new Permanent(
      'outbound-encoding',
      `The answer is packed (${encoding.slice(0, 20)}) although none was asked for.`,
    );
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    pieces.push(piece);
  }
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(pieces) };
}

function asFailure(error: unknown, { signal, limit }: { signal: AbortSignal; limit: AbortSignal }): unknown {
  if (signal.aborted) return signal.reason;
  if (limit.aborted)
    return new Transient('outbound-too-slow', 'The address did not answer in time.', { cause: error });
  if (error instanceof Permanent) return error;
  // No text of the other side, and none of our network.
  return new Transient('outbound-unreachable', 'The address cannot be reached.', { cause: error });
}

function tooLarge(maxBytes: number): Permanent {
  return new Permanent('outbound-too-large', `The answer has more than ${maxBytes} bytes.`);
}
