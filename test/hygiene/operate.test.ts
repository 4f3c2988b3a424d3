import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitOf, createLedgerFixture, type LedgerFixture, on, testTopology } from '../ledger-fixture.ts';
import { startMillrace } from './run-millrace.ts';

let fixture: LedgerFixture;
let folder = '';
let run = '';
let dead = '';
let host = '';

/** A run whose first step is done and whose second is dead. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace operate '));
  fixture = await createLedgerFixture(
    testTopology({
      'keyword-fetch': [on('pipeline.started')],
      'generate-script': [on('pipeline.keywords.fetched')],
    }),
  );
  host = await fixture.host();
  run = await fixture.start({ title: 'Bees' });
  const dying = await fixture.host();
  await fixture.claimOne(dying);
  await fixture.housekeeping.takeOver({ silentMs: 30_000, hosts: [dying] });
  const first = await fixture.claimOne(host, { suspects: true });
  await fixture.work.commit(commitOf(first, [{ type: 'pipeline.keywords.fetched', data: {} }]));
  const second = await fixture.claimOne(host);
  dead = second.id;
  const failure = { kind: 'permanent', code: 'topic-missing', message: 'There is no topic.' } as const;
  await fixture.work.fail({ claim: second, failure, delayMs: 0 });
}, 120_000);

afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

const operate = (...words: string[]) =>
  startMillrace({ words, folder, environment: { DATABASE_URL: fixture.url } }).ended;

describe('operating without the HTTP interface', () => {
  it('says why a run failed, step by step, and what would mend it', async () => {
    const { code, out, err } = await operate('why', run);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Run ${run}: "Bees" \\(video, of alice\\)\nfailed after `));
    expect(out).toMatch(/keyword-fetch: done, waited \d.*, after 1 attempt whose process died\n/);
    expect(out).toContain('woken by pipeline.started (from outside)\n');
    expect(out).toMatch(/lost after [\d.]+ s: its process died\n {4}emitted pipeline\.keywords\.fetched/);
    expect(out).toContain('generate-script: dead after 1 attempt that failed\n');
    expect(out).toContain('woken by pipeline.keywords.fetched (from keyword-fetch)');
    expect(out).toMatch(/permanent after [\d.]+ s: There is no topic\. \(topic-missing\)/);
    expect(out).toContain(`→ npx millrace retry ${dead}`);
  });

  it('says the same of one delivery with what led to it, as JSON', async () => {
    const { out } = await operate('why', dead, '--json');
    const { steps } = JSON.parse(out);
    expect(steps).toMatchObject([
      { function: 'keyword-fetch', state: 'done' },
      { function: 'generate-script', state: 'dead', mend: `npx millrace retry ${dead}` },
    ]);
  });

  it('lists the dead, tells what a retry would take, and retries', async () => {
    const list = await operate('deliveries', '--state', 'dead');
    expect(list.out).toMatch(
      new RegExp(
        `^${dead} .* dead  generate-script  of alice  after 1 attempt that failed  topic-missing: There is no topic\\.\n$`,
      ),
    );
    expect((await operate('deliveries', '--state', 'dead', '--code', 'other')).out).toBe(
      'There is no such delivery.\n',
    );
    expect((await operate('retry', '--code', 'topic-missing', '--dry-run')).out).toContain(
      '1 would be due again.',
    );
    expect((await operate('deliveries', '--state', 'dead')).out).toContain(dead);
    expect((await operate('retry', dead)).out).toContain('is due again');
    const again = await operate('retry', dead);
    expect(again.code).toBe(1);
    expect(again.err).toContain('Error: ');
    expect((await operate('why', dead)).out).toMatch(/generate-script: due, .*\n[\s\S]*→ npm start/);
  });

  it('puts a brake on, shows what stands behind it, and takes it off', async () => {
    const paused = await operate('pause', 'generate-script', '--reason', 'the model is down');
    expect(paused.out).toMatch(/^generate-script is paused since .*: the model is down\. 1 delivery waits/);
    expect((await operate('why', dead)).out).toMatch(
      /behind the brake on generate-script \(.*: the model is down\)[\s\S]*→ npx millrace resume generate-script/,
    );
    expect(await fixture.claim(host)).toEqual([]);
    expect((await operate('pause')).out).toContain('generate-script is paused');
    expect((await operate('resume', 'generate-script')).out).toBe('generate-script goes on.\n');
    expect((await operate('resume', 'generate-script')).out).toBe('There was no brake on generate-script.\n');
    expect((await operate('pause')).out).toBe('No brake is on.\n');
  });

  it('says what a replay would do, and makes a new run that knows where it came from', async () => {
    const claim = await fixture.claimOne(host);
    await fixture.work.commit(commitOf(claim));
    const dry = await operate('replay', run, '--from', 'generate-script', '--dry-run');
    expect(dry.out).toMatch(
      /Copied: +keyword-fetch; [\s\S]*Due at once: generate-script[\s\S]*Nothing was done yet/,
    );
    const { out } = await operate('replay', run, '--from', 'generate-script');
    const [, fork = ''] = /The new run is (\S+)\./.exec(out) ?? [];
    expect((await operate('why', fork)).out).toContain(`a replay of ${run} from generate-script`);
  });

  it('makes somebody an admin, by handle or address, and takes it back', async () => {
    await fixture.rows(
      `insert into people.account (id, email, handle, name, password) values
         (gen_random_uuid(), 'alice@example.org', 'alice', 'Alice', 'none'),
         (gen_random_uuid(), 'bob@example.org', 'bob', 'Bob', 'none')`,
    );
    expect((await operate('admin', 'list')).out).toBe('Nobody who registered is an admin.\n');
    const granted = await operate('admin', 'grant', '@Alice');
    expect(granted).toMatchObject({ code: 0, out: 'alice (alice@example.org) is an admin.\n' });
    await operate('admin', 'grant', 'ALICE@example.org');
    expect((await operate('admin', 'list')).out).toBe('alice (alice@example.org)\n');
    expect(await fixture.rows('select handle, roles from people.account order by handle')).toEqual([
      { handle: 'alice', roles: ['user', 'admin'] },
      { handle: 'bob', roles: ['user'] },
    ]);
    expect((await operate('admin', 'revoke', 'alice')).out).toContain('no admin any more');
    expect((await operate('admin', 'list')).out).toBe('Nobody who registered is an admin.\n');
  });

  it.each([
    ['an unknown id', ['why', '01a1fee8-51e0-87a0-a366-6b6ae5310000'], 'There is no run and no delivery'],
    ['what is no id', ['why', 'bees'], 'There is no run and no delivery "bees"'],
    ['a brake on nothing', ['pause', 'generate-scrip'], 'generate-script'],
    ['a retry of everything by mistake', ['retry'], '--all'],
    ['a delivery and a filter', ['retry', 'x', '--code', 'y'], 'not both'],
    ['an unknown state', ['deliveries', '--state', 'gone'], 'due, leased, later'],
    ['a replay of no run', ['replay', 'bees', '--from', 'render-tts'], 'bees'],
    ['an admin whom nobody knows', ['admin', 'grant', 'nobody'], 'Nobody registered as "nobody"'],
    ['an admin of no name', ['admin', 'revoke'], 'who'],
    ['a replay from nowhere', ['replay', 'bees'], '--from'],
  ])('refuses %s in words', async (_, words, reason) => {
    const { code, out, err } = await operate(...words);
    expect(err).toContain(reason);
    expect(err).not.toMatch(/\n {4}at /);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  it('says where it looked when there is no data', async () => {
    const { code, err } = await startMillrace({ words: ['why', run], folder }).ended;
    expect(code).toBe(1);
    expect(err).toContain(`There is no platform's data in ${join(folder, 'data')}`);
  });
});
