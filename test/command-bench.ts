import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createAccounts, createGuesses } from '#shared/accounts';
import { Permanent } from '#shared/errors';
import type { CommandDefinition } from '#shared/function';
import { type CommandAnswer, createLocalCommands } from '#shared/host';
import { createCommandLedger, type Transaction } from '#shared/ledger';
import { createOutbound } from '#shared/outbound';
import { createPasswords } from '#shared/passwords';
import { createLog, untold } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture } from './ledger-fixture.ts';
import { within } from './within.ts';

const topology = readTopology({ path: fileURLToPath(new URL('../events.yaml', import.meta.url)) });

/** Commands on a real ledger, with what they work on: who gives one need not have signed in. */
export interface CommandBench {
  readonly fixture: LedgerFixture;
  /** Gives a command as this account, else as a visitor. */
  give(
    type: string,
    data: object,
    by?: { account?: string; roles?: string[]; key?: string },
  ): Promise<CommandAnswer>;
  /** What was published since this was asked last, beside the commands themselves. */
  facts(): Promise<readonly { type: string; data: unknown }[]>;
  /** Somebody who registered, by rows alone; his password is a hash. */
  somebody(given?: { email?: string; handle?: string; password?: string }): Promise<string>;
  /** What another command would have written before. */
  within<Made>(write: (tx: Transaction) => Promise<Made>): Promise<Made>;
  close(): Promise<void>;
}

/** @param definitions the functions that are tried; their schemas differ */
export async function createCommandBench(...definitions: readonly unknown[]): Promise<CommandBench> {
  const fixture = await createLedgerFixture(topology);
  const { pool } = fixture;
  const ports = {
    accounts: createAccounts({ pool }),
    guesses: createGuesses({ pool }),
    passwords: createPasswords(),
    outbound: createOutbound({ allow: ['127.0.0.1'] }),
  };
  const commands = createLocalCommands({
    commands: (definitions as readonly CommandDefinition[]).map((definition) => {
      const fn = topology.commands?.find(({ name }) => name === definition.name);
      if (fn === undefined) throw new Permanent('command-missing', `events.yaml has no ${definition.name}.`);
      return { definition, topology: fn, timeoutMs: 20_000 };
    }),
    ledger: createCommandLedger({ pool, source: topology.source, wake: () => undefined }),
    ports,
    clock: { now: () => new Date() },
    random: { next: () => 0.5 },
    log: createLog({ service: 'test', destination: { write: () => undefined } }),
    tracing: untold,
  });
  const told = new Set<string>();
  return {
    fixture,
    give: (type, data, { account = 'visitor', roles = [], key } = {}) =>
      commands.send({
        ...{ type, data, principal: { sub: account, account, roles } },
        idempotencyKey: key,
        signal: new AbortController().signal,
      }),
    async facts() {
      const rows = await fixture.rows<{ id: string; type: string; data: unknown }>(
        'select id, type, data from ledger.event where cause is not null order by recorded_at, id',
      );
      const fresh = rows.filter(({ id }) => !told.has(id));
      for (const { id } of fresh) told.add(id);
      return fresh.map(({ type, data }) => ({ type, data }));
    },
    async somebody(given = {}) {
      const id = randomUUID();
      const handle = given.handle ?? `h${id.replaceAll('-', '').slice(0, 20)}`;
      const { email = `${handle}@example.org`, password = 'none' } = given;
      await fixture.rows(
        'insert into people.account (id, email, handle, name, password) values ($1, $2, $3, $3, $4)',
        [id, email, handle, password],
      );
      return id;
    },
    within: (write) => within(pool, write),
    close: () => fixture.close(),
  };
}
