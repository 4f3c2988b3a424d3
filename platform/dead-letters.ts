import { readCloudEvent } from '#shared/host';
import { readBytes } from '#shared/http';

const LIMITS = { maxBytes: 1_048_576, timeoutMs: 10_000 };
/**
 * Whatever the Broker took comes here, with what it adds: the host's last words have up to 1,024 characters
 * (`knativeerrordata`). What is refused here would be counted nowhere.
 */
const MAX_ATTRIBUTE = 1_048_576;

/**
 * Counts what the Broker could not deliver, by function and by what its host answered last (the extension
 * `knativeerrorcode`). Nothing else is to be done: the ledger wakes again by itself.
 */
export function deadLetters(options: {
  /** Others, which anybody could make up, are counted together. */
  functions: readonly string[];
  count: (letter: { function: string; reason: string }) => void;
}): (request: Request) => Promise<Response> {
  const known = new Set(options.functions);
  return async (request) => {
    const body = await readBytes(request, LIMITS);
    const headers = Object.fromEntries(request.headers);
    const { attributes } = readCloudEvent({ headers, body, maxAttribute: MAX_ATTRIBUTE });
    const { function: name = '', knativeerrorcode: code = '' } = attributes;
    options.count({
      function: known.has(name) ? name : 'other',
      // 0 or nothing: there was no answer.
      reason: /^[1-5]\d\d$/.test(code) ? code : 'no answer',
    });
    return new Response(null, { status: 202 });
  };
}
