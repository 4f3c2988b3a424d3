import { Readable } from 'node:stream';
import type { Pool } from '#shared/database';
import { createPeopleErasure } from '#shared/erasure';
import { Conflict } from '#shared/errors';
import { createInbox, eraseFromInbox, type Inbox } from '#shared/inbox';
import {
  type CommandRecord,
  commandIds,
  createCommandLedger,
  createLedger,
  createLedgerRetention,
  createOperations,
  syncTopology,
} from '#shared/ledger';
import { consumeNotices } from '#shared/notices';
import { inboundQueueName, openQueues } from '#shared/queue';
import { createUpkeep } from '#shared/retention';
import { openStore } from '#shared/storage';
import { removePipeline } from '../../../functions/ingress/pipelines/remove-pipeline.ts';
import { chain } from '../chain/topology.ts';
import { keepRunsDays, leftoverDays, type Order, sweepPagesPerMinute, type ToRole } from './messages.ts';
import { type Surroundings, tell } from './surroundings.ts';

export async function beIngress(around: Surroundings): Promise<() => Promise<void>> {
  const { follow, inbox } = await followsOrders(around);
  process.on('message', (message: ToRole) => {
    if (message.kind !== 'order') return;
    const { id, order } = message;
    follow(order).then(
      (answer) => tell({ kind: 'answer', id, answer }),
      (error: Error) => tell({ kind: 'answer', id, error: error.message }),
    );
  });
  tell({ kind: 'ready' });
  return () => inbox.stop();
}

async function followsOrders({
  settings,
  pool,
  wake,
  log,
}: Surroundings): Promise<{ follow: (order: Order) => Promise<unknown>; inbox: Inbox }> {
  const parts = { pool, source: chain.source, wake };
  const ledger = createLedger(parts);
  const operations = createOperations(parts);
  const commands = createCommandLedger(parts);
  const erasures = createLedgerRetention({ pool });
  const clock = { now: () => new Date() };
  const { place } = settings;
  const artifacts = await openStore(place?.artifacts ?? { driver: 'filesystem', root: settings.objects });
  const where = place === undefined ? { root: settings.inbox } : { store: await openStore(place.inbox) };
  const inbox = await createInbox({
    ...{ ...where, topology: chain, artifacts, ledger, pool },
    ...{ account: 'local', owners: 'prefix', log, clock },
  });
  if (place !== undefined && place.inbox.driver === 's3') {
    const { connection, prefix } = place.queues;
    consumeNotices({
      queues: openQueues(connection),
      queue: inboundQueueName(prefix, 'inbox'),
      bucket: place.inbox.bucket,
      look: inbox.look,
      log,
    });
  }
  const upkeep = createUpkeep({
    ...{
      ledger: erasures,
      people: createPeopleErasure({ pool }),
      store: artifacts,
      clock,
      keepRunsDays,
      leftoverDays,
      sweepPagesPerMinute,
    },
    eraseInbox: (account) => eraseFromInbox({ ...where, account, drops: { owners: 'prefix', owner: 'me' } }),
  });
  const follow = async (order: Order): Promise<unknown> => {
    switch (order.kind) {
      case 'publish':
        return ledger.publish(order.request);
      case 'cancel':
        return ledger.cancelRun(order);
      case 'retry':
        return ledger.retryStep(order);
      case 'retry delivery':
        return operations.retryDelivery({ delivery: await deadIn(pool, order.run) });
      case 'retry many':
        return operations.retryDeliveries({ owner: order.owner, dryRun: false });
      case 'replay':
        return operations.replay({
          run: order.run,
          from: order.from,
          redo: [order.from],
          idempotencyKey: order.key,
        });
      case 'command':
        return commands.commit(commandOf(order.key));
      case 'pause':
        return operations.pause({ name: order.name, by: 'ann', reason: 'a test' });
      case 'resume':
        return operations.resume(order);
      case 'deploy':
        return syncTopology(pool, chain);
      case 'remove':
        return removePipeline({ ledger, artifacts, run: order.run });
      case 'open upload':
        return inbox.open({ account: order.account, name: order.name });
      case 'upload':
        return upload(inbox, order);
      case 'erase':
        await erasures.requestErasure({ account: order.account, by: order.account });
        while ((await upkeep.erase()).more);
        return undefined;
    }
  };
  return { follow, inbox };
}

/** Sends the bytes and completes, as a client does; one that got no answer does both again. */
async function upload(
  inbox: Inbox,
  { id, account, text }: { id: string; account: string; text: string },
): Promise<unknown> {
  const body = Readable.from([Buffer.from(text)]);
  await inbox.receive({ id, body, signal: new AbortController().signal }).catch((error: unknown) => {
    if (!(error instanceof Conflict && error.code === 'upload-completed')) throw error;
  });
  return inbox.complete({ id, account });
}

async function deadIn(pool: Pool, run: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from ledger.delivery where run = $1 and state = 'dead'`,
    [run],
  );
  if (rows[0] === undefined) throw new Error(`nothing is dead in this run: ${run}`);
  return rows[0].id;
}

function commandOf(key: string): CommandRecord {
  const ids = commandIds({ principal: 'alice', operation: 'user.follow', key });
  return {
    ids,
    type: 'user.follow',
    function: 'follow-user',
    lane: 'light',
    owner: 'alice',
    data: {},
    requestHash: 'hash',
    wallMs: 1,
    events: [],
    reply: { following: true },
    write: async (tx) => {
      await tx.query('insert into effect (delivery, run) values ($1, $2)', [ids.delivery, ids.run]);
      return {};
    },
    storable: (reply) => reply,
  };
}
