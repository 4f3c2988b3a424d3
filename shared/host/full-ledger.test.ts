import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createLaneHostWorld, type LaneHostWorld, placed } from './testing/lane-host-world.ts';

let world: LaneHostWorld;
beforeAll(async () => {
  world = await createLaneHostWorld();
});
afterAll(() => world?.close());

it.each([
  ['has no room on its disk', '53100'],
  ['has no memory left', '53200'],
])('a ledger that %s as work is committed costs it no attempt', async (_, code) => {
  // A sequence counts on where the transaction is undone.
  await world.pool.query(`
    create sequence refused;
    create function refuse() returns trigger language plpgsql as $$
      begin
        if nextval('refused') <= 2 then raise exception 'full' using errcode = '${code}'; end if;
        return new;
      end $$;
    create trigger refuse before insert on ledger.event for each row
      when (new.type = 'pipeline.video.placed') execute function refuse();`);
  onTestFinished(async () => {
    await world.pool.query(
      'drop trigger refuse on ledger.event; drop function refuse; drop sequence refused',
    );
  });
  let handled = 0;
  const { ledger, run, delivery } = await world.hostOf(async () => {
    handled += 1;
    return placed();
  });
  await vi.waitFor(async () => expect((await ledger.getRun(run))?.state).toBe('completed'), 30_000);
  expect(await delivery()).toMatchObject({ state: 'done', attempts: 0, lost: 0 });
  expect(handled).toBe(1);
});
