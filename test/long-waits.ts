import type { LedgerFixture } from './ledger-fixture.ts';

/**
 * Makes whoever tried too often, and has to wait, wait a minute longer: the first wait is a second, which a busy machine
 * needs to ask again.
 */
export async function lengthenWaits({ rows }: Pick<LedgerFixture, 'rows'>): Promise<void> {
  await rows(`create function wait_longer() returns trigger language plpgsql as $$
    begin
      if new.blocked_until > new.last_at + interval '500 ms' then
        new.blocked_until := new.blocked_until + interval '1 minute';
      end if;
      return new;
    end $$`);
  await rows(
    'create trigger longer before insert or update on people.guess for each row execute function wait_longer()',
  );
}
