import type { RouteConfig, z } from '@hono/zod-openapi';
import { PROBLEM_TYPE } from '#shared/http';
import { problem } from '../schemas/problem.ts';

/** One answer of a route, for the document. */
export interface ResponseDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Media type of the body; `application/json` where a schema is given. */
  readonly type?: string;
  /** What a body of another type than JSON looks like. */
  readonly example?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Told by what counts against the limit of an address: with what was done, and with what was too much. */
const rateHeaders = {
  'RateLimit-Limit': 'Requests a minute that this address has.',
  'RateLimit-Remaining': 'How many of them are left.',
  'RateLimit-Reset': 'Seconds until they are all there again.',
  'RateLimit-Policy': 'The limit and its window in seconds, as `100;w=60`.',
};

interface Describable {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: 'public' | 'token' | 'link' | 'ticket';
  readonly rate: 'counted' | 'free';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bytes?: readonly string[];
  readonly responses: Readonly<Record<number, ResponseDescription>>;
}

/** The route's entry in the OpenAPI document, with every status that it can answer. */
export function describeRoute(route: Describable): RouteConfig {
  const { method, path, operationId, tag, summary, description, params, query, headers, body, bytes } = route;
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(route.access === 'link' ? { security: [{ bearer: [] }, { link: [] }] } : {}),
    ...(route.access === 'ticket' ? { security: [{ bearer: [] }, { ticket: [] }] } : {}),
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined && bytes === undefined ? {} : { body: bodyOf({ body, bytes }) }),
    },
    responses: Object.fromEntries(
      Object.entries({ ...refusals(route), ...route.responses }).map(([status, response]) => [
        status,
        responseOf(Number(status), counted(route, Number(status)) ? withRate(response) : response),
      ]),
    ),
  };
}

function counted({ rate }: Describable, status: number): boolean {
  return rate === 'counted' && (status < 300 || status === 429);
}

function withRate(response: ResponseDescription): ResponseDescription {
  return { ...response, headers: { ...response.headers, ...rateHeaders } };
}

/** Either JSON or bytes, where a route takes both. */
function bodyOf({ body, bytes = [] }: { body: z.ZodType | undefined; bytes: readonly string[] | undefined }) {
  return {
    required: body === undefined || !isOptional(body),
    content: {
      ...(body === undefined ? {} : { 'application/json': { schema: body } }),
      ...Object.fromEntries(
        bytes.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]),
      ),
    },
  };
}

/** Whether a request may do without this body. */
export function isOptional(body: z.ZodType): boolean {
  return body.safeParse(undefined).success;
}

/** What every route of this kind may refuse. */
function refusals(route: Describable): Record<number, ResponseDescription> {
  const checks = [route.body, route.query, route.headers].some((schema) => schema !== undefined);
  return {
    ...(checks
      ? { 400: { description: 'A field is missing, unknown or wrong; `errors` names each with its limit.' } }
      : {}),
    ...(route.access === 'public'
      ? {}
      : {
          401: {
            description: 'No token, or one that is forged or expired.',
            headers: { 'WWW-Authenticate': 'Bearer challenge.' },
          },
        }),
    ...(route.body === undefined
      ? {}
      : {
          408: { description: 'The body did not arrive in time.' },
          413: { description: 'The body is larger than 300 KB.' },
          415: { description: 'The body is not JSON in UTF-8.' },
        }),
    ...(route.rate === 'counted'
      ? {
          429: {
            description: 'Too many requests from this address.',
            headers: { 'Retry-After': 'Seconds to wait.' },
          },
        }
      : {}),
    500: { description: 'Something unforeseen happened.' },
    503: {
      description: 'The ledger or the store cannot be reached now.',
      headers: { 'Retry-After': 'Seconds to wait.' },
    },
  };
}

function responseOf(status: number, { description, schema, type, example, headers }: ResponseDescription) {
  const content = contentOf(status, { schema, type, example });
  const fields = Object.entries(headers ?? {});
  return {
    description,
    ...(fields.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            fields.map(([name, about]) => [
              name,
              { description: about, schema: { type: 'string' as const } },
            ]),
          ),
        }),
    ...(content === undefined ? {} : { content }),
  };
}

function contentOf(
  status: number,
  {
    schema,
    type,
    example,
  }: { schema: z.ZodType | undefined; type: string | undefined; example: string | undefined },
) {
  if (schema !== undefined) return { [type ?? 'application/json']: { schema } };
  // A stream has no schema: readers of the document take it for the events that come of it.
  const text = type === 'text/event-stream' ? {} : { type: 'string' as const };
  if (type !== undefined) return { [type]: { schema: text, ...(example === undefined ? {} : { example }) } };
  return status >= 400 ? { [PROBLEM_TYPE]: { schema: problem } } : undefined;
}
