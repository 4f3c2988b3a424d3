import { HttpProblem } from './problem.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Objects and arrays within each other. */
  readonly maxDepth: number;
  /** From the first wait for the body to its last byte. */
  readonly timeoutMs: number;
}

/**
 * Reads a JSON body that nobody can trust.
 *
 * @throws HttpProblem 400 `json-invalid`, 408 `body-too-slow`, 413 `body-too-large`, 415 `content-type-unsupported`
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  checkContentType(request);
  const bytes = await readBytes(request, limits);
  const value = parse(decode(bytes));
  checkStructure(value, limits.maxDepth);
  return value;
}

/** The body's bytes, within the limits. @throws HttpProblem 408, 413 */
export async function readBytes(
  request: Request,
  { maxBytes, timeoutMs }: Pick<BodyLimits, 'maxBytes' | 'timeoutMs'>,
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const deadline = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => reject(tooSlow(timeoutMs)), { once: true });
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return Buffer.concat(chunks);
      length += value.byteLength;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof HttpProblem) throw error;
    throw bodyCut();
  }
}

function checkContentType({ headers }: Request): void {
  const given = headers.get('content-type') ?? '';
  const [type = '', ...parameters] = given.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.replace(/^charset="?|"$/g, '');
  if (type !== 'application/json' || (charset !== undefined && charset !== 'utf-8')) {
    throw new HttpProblem({
      status: 415,
      code: 'content-type-unsupported',
      detail: `The body must be application/json in UTF-8${given === '' ? '; Content-Type is missing' : ''}.`,
      errors: [
        { field: 'header.content-type', message: 'Send application/json.', limit: ['application/json'] },
      ],
      headers: { Accept: 'application/json' },
    });
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem({
      status: 415,
      code: 'content-encoding-unsupported',
      detail: 'The body must not be compressed.',
      errors: [{ field: 'header.content-encoding', message: 'Leave it out.', limit: ['identity'] }],
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw jsonInvalid('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw jsonInvalid('The body is empty; send a JSON object.');
  try {
    return JSON.parse(text);
  } catch (error) {
    const where =
      error instanceof Error ? /at position \d+|Unexpected end/.exec(error.message)?.[0] : undefined;
    throw jsonInvalid(`The body is not valid JSON${where === undefined ? '' : ` (${where})`}.`);
  }
}

/** Without recursion: a body of 300 KB can hold a hundred thousand brackets. */
function checkStructure(value: unknown, maxDepth: number): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const inner = level.filter((entry) => typeof entry === 'object' && entry !== null);
    if (inner.length > 0 && depth >= maxDepth) {
      throw new HttpProblem({
        status: 400,
        code: 'json-too-deep',
        detail: `The body has more than ${maxDepth} objects or arrays within each other.`,
        errors: [{ field: '', message: `At most ${maxDepth} levels.`, limit: maxDepth }],
      });
    }
    // No client means this name, and copying code would give it a meaning.
    if (inner.some((entry) => Object.hasOwn(entry as object, '__proto__'))) {
      throw jsonInvalid('The name "__proto__" is not taken.');
    }
    level = inner.flatMap((entry) => Object.values(entry as object));
  }
}

function jsonInvalid(detail: string): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'json-invalid',
    detail,
    errors: [{ field: '', message: detail }],
  });
}

export function bodyCut(): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'body-cut',
    detail: 'The body ended before its end; send it again.',
  });
}

export function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem({
    status: 413,
    code: 'body-too-large',
    detail: `The body is larger than ${maxBytes} bytes. Send characters as UTF-8, not as \\u escapes; split what is longer.`,
    errors: [{ field: '', message: `At most ${maxBytes} bytes.`, limit: maxBytes }],
  });
}

export function tooSlow(timeoutMs: number): HttpProblem {
  return new HttpProblem({
    status: 408,
    code: 'body-too-slow',
    detail: `The body did not arrive within ${timeoutMs / 1000} s.`,
  });
}
