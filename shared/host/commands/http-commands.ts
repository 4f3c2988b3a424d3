import { randomUUID } from 'node:crypto';
import { Transient } from '#shared/errors';
import { failureAnswer } from './answer.ts';
import type { CommandAnswer, CommandRequest, Commands } from './commands.ts';

/** An answer is a reply for one request, not a download. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends commands as CloudEvents (binary mode) to the host of their function, `POST {url}/command`. The caller's token
 * goes along: that host verifies it again.
 */
export function createHttpCommands(options: {
  /** `http://follow-user.millrace.svc`; undefined where nobody answers the command. */
  urlOf: (type: string) => string | undefined;
  source: string;
  /** Milliseconds for the whole answer; above the function's own limit. */
  timeoutMs: number;
}): Commands {
  const { urlOf, source, timeoutMs } = options;

  async function post(url: string, request: CommandRequest): Promise<CommandAnswer> {
    const signals = [
      AbortSignal.timeout(timeoutMs),
      ...(request.signal === undefined ? [] : [request.signal]),
    ];
    const response = await fetch(new URL('/command', url), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any(signals),
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': randomUUID(),
        'ce-type': request.type,
        'ce-source': source,
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
        ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
      },
      body: JSON.stringify(request.data ?? null),
    });
    const text = await limitedText(response);
    const passed = ['content-type', 'retry-after', 'idempotent-replayed'].flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: Object.fromEntries(passed),
    };
  }

  return {
    async send(request) {
      const url = urlOf(request.type);
      try {
        if (url === undefined) throw new Error('no host');
        return await post(url, request);
      } catch (cause) {
        // Whether it was carried out is not known; with an Idempotency-Key it is safe to ask again.
        return failureAnswer(
          new Transient('command-host-away', 'The function that answers this cannot be reached.', { cause }),
        );
      }
    },
  };
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER_BYTES) throw new Error(`The answer is larger than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
