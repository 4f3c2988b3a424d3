import { type RouteConfig, z } from '@hono/zod-openapi';
import type { Principal } from '#shared/auth';
import { type BodyLimits, type FieldError, fieldErrors, readJsonBody } from '#shared/http';
import type { Authenticate } from './authenticate.ts';
import type { HttpContext } from './environment.ts';
import { describeRoute, isOptional, type ResponseDescription } from './openapi/describe-route.ts';
import { invalidRequest } from './request/invalid-request.ts';

/** Who may call: anybody, who has a token, who has a token or a signed link, or who has a token or a ticket for streams. */
export type Access = 'public' | 'token' | 'link' | 'ticket';

/** A page shows its visitor's own things, and the way to sign in to a stranger. */
type PageAccess = 'visitor';

type Shape = z.ZodObject;
const nothing = z.object({});
type Nothing = typeof nothing;

/** What a handler gets: everything checked by the schemas that the OpenAPI document shows. */
export interface Call<Who extends Access, Params, Query, Headers, Body> {
  readonly c: HttpContext;
  readonly principal: Who extends 'token' ? Principal : Principal | undefined;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
}

export interface RouteDefinition<
  Who extends Access,
  Params extends Shape,
  Query extends Shape,
  Headers extends Shape,
  Body extends z.ZodType,
> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** In OpenAPI's words: `/api/pipelines/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag:
    | 'People'
    | 'Posts'
    | 'Events'
    | 'Calendars'
    | 'Pictures'
    | 'Conversations'
    | 'Notifications'
    | 'Pipelines'
    | 'Calls'
    | 'Uploads'
    | 'Operations'
    | 'Orchestrator'
    | 'Platform'
    | 'Realtime'
    | 'Documents';
  readonly summary: string;
  readonly description?: string;
  readonly access: Who;
  /** Does a call count against the limit of its address? */
  readonly rate: 'counted' | 'free';
  readonly params?: Params;
  /** A strict object refuses what it does not name. */
  readonly query?: Query;
  /** Names in lower case. */
  readonly headers?: Headers;
  readonly body?: Body;
  /** Media types of a body that the handler reads itself, byte by byte; beside a `body`, that may be left out then. */
  readonly bytes?: readonly string[];
  /** Those that every route of its kind has are added. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  handle(
    call: Call<Who, z.output<Params>, z.output<Query>, z.output<Headers>, z.output<Body>>,
  ): Response | Promise<Response>;
}

/** A route as the front door mounts it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly access: Access | PageAccess;
  readonly rate: 'counted' | 'free';
  /** Absent for pages for people, which are no part of the interface. */
  readonly openapi?: RouteConfig;
  handle(c: HttpContext, authenticate: Authenticate): Promise<Response>;
}

/** The script (200 KB) with room for JSON's quoting; four levels are all that a request needs. */
export const bodyLimits: BodyLimits = { maxBytes: 300 * 1024, maxDepth: 8, timeoutMs: 30_000 };

/** Declares a route: its document, who may call it, and what answers. */
export function defineRoute<
  Who extends Access,
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Headers extends Shape = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<Who, Params, Query, Headers, Body>): Route {
  const { method, path, access, rate, params, query, headers, body, bytes } = definition;
  return {
    method,
    path,
    access,
    rate,
    openapi: describeRoute(definition),
    async handle(c, authenticate) {
      const principal = await principalOf(definition.access, c, authenticate);
      const wrong: FieldError[] = [];
      const input = {
        params: check(params ?? nothing, c.req.param(), { within: 'path', wrong }),
        query: check(query ?? nothing, single(c.req.queries(), wrong), { within: 'query', wrong }),
        headers: check(headers ?? nothing, pick(c, headers), { within: 'header', wrong }),
      };
      if (wrong.length > 0) throw invalidRequest(wrong);
      const given =
        body === undefined || isLeftOut(c, body) || isBytes(c, bytes)
          ? undefined
          : await readJsonBody(c.req.raw, bodyLimits);
      const checked = body === undefined ? undefined : check(body, given, { within: '', wrong });
      if (wrong.length > 0) throw invalidRequest(wrong);
      // `check` answered for each part what its own schema gave out; the compiler cannot follow that through.
      const call = { c, principal, ...input, body: checked } as Parameters<typeof definition.handle>[0];
      return await definition.handle(call);
    },
  };
}

async function principalOf(
  access: Access,
  c: HttpContext,
  authenticate: Authenticate,
): Promise<Principal | undefined> {
  switch (access) {
    case 'public':
      return undefined;
    case 'token':
      return await authenticate.token(c);
    case 'link':
      return await authenticate.linkOrToken(c);
    case 'ticket':
      // The route takes it: it is good once.
      return c.req.query('ticket') === undefined ? await authenticate.token(c) : undefined;
  }
}

/** A body that need not be sent, and was not. */
function isLeftOut(c: HttpContext, body: z.ZodType): boolean {
  const length = c.req.header('content-length') ?? '0';
  return length === '0' && c.req.header('transfer-encoding') === undefined && isOptional(body);
}

/** A body that the handler reads itself. */
function isBytes(c: HttpContext, types: readonly string[] = []): boolean {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  return types.includes(type.trim().toLowerCase());
}

function check(
  schema: z.ZodType,
  value: unknown,
  { within, wrong }: { within: string; wrong: FieldError[] },
): unknown {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  wrong.push(...fieldErrors({ issues: parsed.error.issues, within, known: [...namesIn(schema)] }));
  return undefined;
}

/** Names that an object may have; of several shapes, those of any. */
function namesIn(schema: unknown): ReadonlySet<string> {
  if (schema instanceof z.ZodObject) return new Set(Object.keys(schema.shape));
  if (schema instanceof z.ZodUnion) return new Set(schema.options.flatMap((one) => [...namesIn(one)]));
  return new Set();
}

/** A parameter that was given twice has no meaning here. */
function single(queries: Record<string, string[]>, wrong: FieldError[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => {
      if (values.length > 1) wrong.push({ field: `query.${name}`, message: 'Give this once.', limit: 1 });
      return [name, values[0] ?? ''];
    }),
  );
}

function pick(c: HttpContext, headers: Shape | undefined): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.keys(headers?.shape ?? {}).flatMap((name) => {
      const value = c.req.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
