import { afterAll, expect, it } from 'vitest';
import { enrolOne } from '../../functions/ingress/testing/enrolled.ts';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';

const door = await openFrontDoor();
afterAll(() => door.close());

const PARIS = ['Europe/Paris'];

it.each<[what: string, rule: string, zones: readonly string[]]>([
  ['hours', 'FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=1;BYHOUR=0;BYMINUTE=0;COUNT=4000', PARIS],
  [
    'days of weeks by number',
    `FREQ=YEARLY;BYWEEKNO=${Array.from({ length: 53 }, (_, week) => week + 1)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;COUNT=4000`,
    PARIS,
  ],
  ['years in zones that nobody asked for yet', 'FREQ=YEARLY;COUNT=300', Intl.supportedValuesOf('timeZone')],
])(
  'a page of two hundred series that count as far as a rule may costs little, and shows what else there is: %s',
  async (_, rule, zones) => {
    const mallory = await enrolOne(door);
    const hold = async (event: object): Promise<string> => {
      const answer = await mallory.ask('/events', { body: { title: 'x', zone: 'Europe/Paris', ...event } });
      return ((await answer.json()) as { id: string }).id;
    };
    const heavy = await hold({ starts: '1900-01-01T00:00:00', recurrence: { rule } });
    const fields = `owner, title, description, place, starts, ends, all_day, starts_at, ends_at, rule, rdates,
    exdates, until_at, visibility, capacity`;
    await door.fixture.rows(
      `insert into people.gathering (id, uid, zone, ${fields})
     select gen_random_uuid(), gen_random_uuid(), ($2::text[])[1 + n % cardinality($2::text[])], ${fields}
     from people.gathering, generate_series(1, 198) n where id = $1`,
      [heavy, zones],
    );
    await hold({ starts: '2026-05-04T09:00:00', recurrence: { rule: 'FREQ=WEEKLY' } });
    const before = process.cpuUsage();
    const answer = await mallory.ask('/events?from=2191-05-01T00:00:00Z&to=2191-06-01T00:00:00Z');
    const { events } = (await answer.json()) as { events: { starts: string }[] };
    // It was seven seconds to a minute where each might take so much for itself.
    expect(process.cpuUsage(before).user).toBeLessThan(2_500_000);
    expect(events.map(({ starts }) => starts)).toEqual(
      ['02', '09', '16', '23', '30'].map((day) => `2191-05-${day}T09:00:00`),
    );
  },
  120_000,
);
