import type { OpenAPIHono } from '@hono/zod-openapi';
import { HttpProblem, type RateLimit } from '#shared/http';
import type { Authenticate } from './authenticate.ts';
import type { HonoEnv, HttpContext } from './environment.ts';
import { problemAnswer, problemOfThrown } from './problem-answer.ts';
import type { Route } from './route.ts';

/** Mounts the routes, each with its limit, and answers what no route takes: 404, 405, OPTIONS, and errors. */
export function mountRoutes(
  app: OpenAPIHono<HonoEnv>,
  {
    routes,
    rateLimit,
    authenticate,
  }: { routes: readonly Route[]; rateLimit: RateLimit; authenticate: Authenticate },
): void {
  async function count(c: HttpContext): Promise<void> {
    for (const [name, value] of Object.entries(await rateLimit.take(c.get('address')))) c.header(name, value);
  }

  for (const route of routes)
    if (route.openapi !== undefined) app.openAPIRegistry.registerPath(route.openapi);

  // Paths without parameters come first, each with what it refuses: `/messages/search` is no message of that id.
  const paths = [...Map.groupBy(routes, (route) => route.path)];
  for (const [path, own] of paths.toSorted(([a], [b]) => parametersIn(a) - parametersIn(b))) {
    for (const route of own)
      app.on(route.method.toUpperCase(), honoPath(path), async (c) => {
        c.set('route', path);
        if (route.rate === 'counted') await count(c);
        return await route.handle(c, authenticate);
      });
    const allow = allowed(own).join(', ');
    app.all(honoPath(path), async (c) => {
      c.set('route', path);
      await count(c);
      if (c.req.method === 'OPTIONS') return c.body(null, 204, { Allow: allow });
      throw new HttpProblem({
        status: 405,
        code: 'method-not-allowed',
        detail: `${c.req.method.slice(0, 20)} is not allowed here; allowed are ${allow}.`,
        headers: { Allow: allow },
      });
    });
  }

  app.notFound(async (c) => {
    try {
      await count(c);
    } catch (refused) {
      return problemAnswer(c, problemOfThrown(refused));
    }
    return problemAnswer(
      c,
      new HttpProblem({
        status: 404,
        code: 'route-not-found',
        detail: `There is nothing at ${JSON.stringify(c.req.path.slice(0, 100))}; see /docs.`,
      }),
    );
  });

  app.onError((thrown, c) => {
    const problem = problemOfThrown(thrown);
    if (problem.status >= 500)
      c.get('log').error({ error: problem.cause ?? problem, code: problem.code }, 'failed');
    return problemAnswer(c, problem);
  });
}

/** OpenAPI's `{id}` is Hono's `:id`, and `{id}.ics` a `:id` that ends so. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}(\.\w+)?/g, (_, name: string, ending?: string) =>
    ending === undefined ? `:${name}` : `:${name}{[^/]+\\${ending}}`,
  );
}

function parametersIn(path: string): number {
  return path.split('{').length - 1;
}

function allowed(routes: readonly Route[]): string[] {
  const methods = routes.map(({ method }) => method.toUpperCase());
  return [
    ...(methods.includes('GET') ? ['GET', 'HEAD'] : []),
    ...methods.filter((method) => method !== 'GET'),
    'OPTIONS',
  ];
}
