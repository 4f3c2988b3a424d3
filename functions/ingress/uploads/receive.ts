import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { MillraceError } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';
import type { HttpContext } from '../environment.ts';

/** A sender that is silent for so long has gone; one that sends a little all the time has an hour. */
const SILENCE_MS = 30_000;
const MOST_MS = 3_600_000;

/** Bytes as they come in. */
export interface Incoming {
  readonly body: Readable;
  readonly signal: AbortSignal;
}

/** Streams a request's body to where `take` puts it. @throws HttpProblem */
export async function receiveBody<Taken>({
  c,
  take,
}: {
  c: HttpContext;
  take: (incoming: Incoming) => Promise<Taken>;
}): Promise<Taken> {
  const given = c.req.raw.body;
  const body = given === null ? Readable.from([]) : Readable.fromWeb(given as ReadableStream);
  const slow = new AbortController();
  const late = (): void =>
    slow.abort(
      new HttpProblem({ status: 408, code: 'body-too-slow', detail: 'The bytes did not arrive in time.' }),
    );
  let silence = setTimeout(late, SILENCE_MS);
  const whole = setTimeout(late, MOST_MS);
  body.on('data', () => {
    clearTimeout(silence);
    silence = setTimeout(late, SILENCE_MS);
  });
  body.pause();
  try {
    const signal = AbortSignal.any([slow.signal, c.req.raw.signal]);
    return await asProblem(take({ body, signal }));
  } catch (error) {
    if (slow.signal.aborted) throw slow.signal.reason;
    throw error;
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
    body.destroy();
  }
}

const statuses: Readonly<Record<string, number>> = {
  'file-too-large': 413,
  'object-too-large': 413,
  'file-kind-unknown': 415,
  'file-not-what-it-says': 415,
};

/** What the inbox refuses, as the answer of a route. */
export async function asProblem<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.kind !== 'permanent') throw error;
    if (error.code === 'upload-not-found') throw notFound('such upload');
    const { code, message, field } = error;
    throw new HttpProblem({
      status: statuses[code] ?? 400,
      code,
      detail: message,
      ...(field === undefined ? {} : { errors: [{ field, message }] }),
    });
  }
}
