import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { type RunQuery, runsQuery } from './read-models.ts';
import { statement } from './statement.ts';
import { createWakeUps } from './wake-ups.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Finished rows, over so many runs. */
const FINISHED = 200_000;
const RUNS = 20_000;
/** A backlog, over so many runs. */
const DUE = 50_000;
const RUNNING = 5_000;

describe('plans beside 200,000 finished deliveries and a backlog of 50,000', () => {
  let fixture: LedgerFixture;
  let run: string;
  let host: string;

  beforeAll(async () => {
    fixture = await createLedgerFixture(testTopology({ speak: [on('pipeline.started')] }));
    await fixture.rows(
      `insert into ledger.run (id, flow, owner, title, state, labels)
       select ledger.new_id(), 'video', 'owner ' || n % 50, 'old', 'completed',
         case when n % 4 = 0 then jsonb_build_object('series', 'number ' || n % 7) else '{}' end
       from generate_series(1, $1) n`,
      [RUNS],
    );
    await fixture.rows(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane, state, open)
       select r.id, r.id, 'speak', 0, r.owner, 'light', 'done', false
       from ledger.run r, generate_series(1, $1)`,
      [FINISHED / RUNS],
    );
    await fixture.rows(
      `insert into ledger.run (id, flow, owner, title)
       select ledger.new_id(), 'video', 'owner ' || n % 50, 'waiting' from generate_series(1, $1) n`,
      [RUNNING],
    );
    await fixture.rows(
      `insert into ledger.delivery (run, event, function, trigger, owner, lane)
       select r.id, r.id, 'speak', 0, r.owner, 'light'
       from ledger.run r, generate_series(1, $1) where r.state = 'running'`,
      [DUE / RUNNING],
    );
    await fixture.rows(
      `insert into ledger.event (id, run, type, source, data)
       select ledger.new_id(), id, 'pipeline.started', 'urn:test', '{}' from ledger.run`,
    );
    for (let index = 0; index < 30; index += 1) run = await fixture.start();
    host = await fixture.host();
    await fixture.claim(host, { limit: 10 });
    await fixture.rows('analyze');
    await fixture.rows('vacuum ledger.run_label');
  }, 120_000);
  afterAll(() => fixture.close());

  /** All nodes of the statement's generic plan, as `Node Type relation index`. */
  async function nodesOf(text: string): Promise<Plan[]> {
    const [row] = await fixture.rows<{ 'QUERY PLAN': readonly [{ Plan: Plan }] }>(
      `explain (generic_plan, format json) ${text}`,
    );
    const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];
    const root = row?.['QUERY PLAN'][0].Plan;
    return root === undefined ? [] : flat(root);
  }
  const scansOf = (nodes: readonly Plan[], relation: string) =>
    nodes
      .filter((node) => node['Relation Name'] === relation && /Scan/.test(node['Node Type']))
      .map((node) => node['Node Type']);

  it('plans once, for all values, without a compiler', async () => {
    expect(await fixture.rows('show plan_cache_mode')).toEqual([{ plan_cache_mode: 'force_generic_plan' }]);
    expect(await fixture.rows('show jit')).toEqual([{ jit: 'off' }]);
  });

  it('claims from the index of open deliveries', async () => {
    const nodes = await nodesOf(statement('claim').text);
    expect(scansOf(nodes, 'delivery')).not.toContain('Seq Scan');
    expect(nodes.map((node) => node['Index Name'])).toContain('delivery_open');
    expect(scansOf(nodes, 'event')).not.toContain('Seq Scan');
    expect(scansOf(nodes, 'run')).not.toContain('Seq Scan');
  });

  it('promotes from the index of what was put off, by its time', async () => {
    const nodes = await nodesOf(statement('promote').text);
    expect(scansOf(nodes, 'delivery')).not.toContain('Seq Scan');
    const used = nodes.find((node) => node['Index Name'] === 'delivery_later');
    expect(used).toHaveProperty('Index Cond');
  });

  it.each([
    ['takes over', 'take-over'],
    ['cancels', 'cancel'],
    ['retries', 'retry'],
    ['moves lanes', 'move-lanes'],
    ['looks whether a run settles', 'settle-look'],
    ['finds unsettled runs', 'unsettled'],
    ['finishes', 'finish'],
    ['fails', 'fail'],
    ['releases', 'release'],
    ['postpones', 'postpone'],
    ['wakes by name', 'wake-up'],
  ])('%s without reading all deliveries', async (_, name) => {
    const nodes = await nodesOf(statement(name).text);
    expect(nodes.length).toBeGreaterThan(0);
    expect(scansOf(nodes, 'delivery')).not.toContain('Seq Scan');
    expect(scansOf(nodes, 'run')).not.toContain('Seq Scan');
  });

  it.each<[string, Omit<RunQuery, 'owner' | 'limit'>, string]>([
    ['all of an owner', {}, 'run_owner_seq'],
    ['of some flows, past his commands', { flow: ['video', 'book'] }, 'run_listed'],
    ['the next page of these', { flow: 'video', before: 'MTAw' }, 'run_listed'],
    ['with a label', { flow: 'video', label: ['series', 'sea'] }, 'run_label_pkey'],
    ['the next page of these', { label: ['series', 'sea'], before: 'MTAw' }, 'run_label_pkey'],
  ])('lists runs in the order of an index: %s', async (_, query, index) => {
    const nodes = await nodesOf(runsQuery({ owner: 'owner 7', limit: 20, ...query }).text);
    expect(nodes.map((node) => node['Index Name'])).toContain(index);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(scansOf(nodes, 'run')).not.toContain('Seq Scan');
  });

  /** How often whole tables were read since the start; every session tells its own figures when asked. */
  async function wholeTableReads(): Promise<string | undefined> {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => fixture.pool.connect()));
    await Promise.all(sessions.map((client) => client.query('select pg_stat_force_next_flush()')));
    for (const client of sessions) client.release();
    const [row] = await fixture.rows<{ scans: string }>(
      `select jsonb_object_agg(relname, seq_scan)::text as scans from pg_stat_user_tables
       where relname in ('delivery', 'event', 'run')`,
    );
    return row?.scans;
  }

  it.each<[string, () => Promise<unknown>]>([
    ['a run', () => fixture.ledger.getRun(run)],
    ['its deliveries', () => fixture.ledger.deliveriesOf([run])],
    ['the runs of an owner', () => fixture.ledger.listRuns({ owner: 'owner 7', limit: 20 })],
    ['lanes with due work', () => fixture.housekeeping.dueLanes()],
    ['what is ripe', () => fixture.housekeeping.promote()],
    ['what lost hosts held', () => fixture.housekeeping.takeOver({ silentMs: 30_000 })],
    ['what nobody settled', () => fixture.housekeeping.settleStranded()],
    ['dead letters', () => fixture.operations.listDeliveries({ state: 'dead', limit: 20 })],
    ['figures', () => fixture.operations.figures()],
    ['a timeline', () => fixture.operations.timelineOf(run)],
    ['schedules that are due', () => fixture.housekeeping.tick()],
    [
      'who is to be woken by name',
      () => createWakeUps(fixture).take({ lanes: ['light'], of: 'all', limit: 10 }),
    ],
    ['what is due', () => fixture.claim(host, { limit: 1 })],
    ['what a cancelled run has open', () => fixture.ledger.cancelRun({ run })],
  ])('reads %s without reading a whole table', async (_, read) => {
    const before = await wholeTableReads();
    await read();
    expect(await wholeTableReads()).toBe(before);
  });
});
