import type { Pool, PoolClient } from '#shared/database';

/** How one statement is broken: by its name, or by words that stand in its text. */
export interface Sabotage {
  readonly statement: string;
  /** The text that takes its place. */
  readonly instead?: (text: string) => string;
  /** It runs outside the transaction, where it holds at once. */
  readonly outside?: true;
}

type Query = string | { readonly name?: string; readonly text: string };

/**
 * A pool that breaks statements of the ledger on their way to the server; the code of the product stays as it is.
 *
 * @param onError told of what the server says no to
 */
export function sabotaged(
  pool: Pool,
  sabotages: readonly Sabotage[],
  onError: (error: { code?: unknown }) => void,
): Pool {
  function meets(query: Query): Sabotage | undefined {
    const { name, text } = typeof query === 'string' ? { name: undefined, text: query } : query;
    return sabotages.find(({ statement }) =>
      statement.includes(' ') ? text.includes(statement) : name === statement,
    );
  }
  function broken(query: Query, { instead = (text) => text }: Sabotage): Query {
    const text = typeof query === 'string' ? query : query.text;
    const changed = instead(text);
    if (changed === text) throw new Error(`the sabotage of "${text.slice(0, 60)}" changes nothing`);
    if (typeof query === 'string') return changed;
    // Without its name: the server keeps the right one prepared under it.
    const { name, ...unnamed } = query;
    return { ...unnamed, text: changed };
  }
  const through =
    (target: Pool | PoolClient) =>
    (query: Query, ...more: unknown[]): unknown => {
      const sabotage = meets(query);
      const ask = (on: Pool | PoolClient, what: Query) => {
        const answer = (on.query as (...words: unknown[]) => unknown).call(on, what, ...more);
        if (answer instanceof Promise) answer.catch(onError);
        return answer;
      };
      if (sabotage === undefined) return ask(target, query);
      return sabotage.outside ? ask(pool, query) : ask(target, broken(query, sabotage));
    };
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'query') return through(target);
      if (name === 'connect') return async () => clientOf(await target.connect());
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

  function clientOf(client: PoolClient): PoolClient {
    return new Proxy(client, {
      get(target, name) {
        if (name === 'query') return through(target);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}
