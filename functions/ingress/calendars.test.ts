import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCalendars } from '#shared/calendars';
import type { Transaction } from '#shared/ledger';
import { createOutbound } from '#shared/outbound';
import refreshCalendar from '../social/refresh-calendar/function.ts';
import refreshCalendars from '../social/refresh-calendars/function.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, peopleAt, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
afterAll(() => door.close());
const { registered, signedIn } = peopleAt(door);

let me: Tokens;
let other: Tokens;
beforeAll(async () => {
  me = await signedIn(await registered());
  other = await signedIn(await registered());
});

const event = (uid: string, ...lines: string[]): string[] => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  ...lines,
  'END:VEVENT',
];
const file = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const team = (title = 'Stand-up') =>
  file(
    'X-WR-CALNAME:Team',
    ...event(
      'standup',
      `SUMMARY:${title}`,
      'DTSTART;TZID=Europe/Berlin:20260309T090000',
      'DURATION:PT15M',
      'RRULE:FREQ=DAILY',
      'SEQUENCE:1',
    ),
    ...event(
      'standup',
      'SUMMARY:Later',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260310T090000',
      'DTSTART;TZID=Europe/Berlin:20260310T110000',
    ),
    ...event('party', 'SUMMARY:Party', 'DTSTART;VALUE=DATE:20260401'),
  );

interface View {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly failure?: string;
  readonly links: { readonly feed?: string };
}
const importing = (
  body: string,
  { as = me, name, headers = {} }: { as?: Tokens; name?: string; headers?: object } = {},
) =>
  door.ask(`/calendars/import${name === undefined ? '' : `?name=${encodeURIComponent(name)}`}`, {
    method: 'POST',
    headers: { ...bearer(as), 'content-type': 'text/calendar', ...headers },
    body,
  });
const imported = async (answer: Response) =>
  (await answer.json()) as { calendar: View; added: number; changed: number; skipped: object[] };
const get = (path: string, headers: Record<string, string> = bearer(me)) => door.ask(path, { headers });
const rows = (calendar: string) =>
  door.fixture.rows<{ uid: string; title: string; visibility: string }>(
    'select uid, recurrence_id, title, starts_at, visibility from people.gathering where calendar = $1 order by starts_at',
    [calendar],
  );

describe('a file', () => {
  it('is imported five times, and there once; a change is a change, and what is older changes nothing', async () => {
    const first = await importing(team());
    expect(first.status).toBe(201);
    const { calendar, ...counts } = await imported(first);
    expect(first.headers.get('location')).toBe(`/calendars/${calendar.id}`);
    expect(calendar).toMatchObject({ name: 'Team', kind: 'file', state: 'good' });
    expect(counts).toEqual({ added: 3, changed: 0, skipped: [] });
    const before = await rows(calendar.id);
    expect(before.map(({ visibility }) => visibility)).toEqual(['invited', 'invited', 'invited']);
    for (let time = 0; time < 4; time += 1) {
      const again = await importing(team());
      expect(again.status).toBe(200);
      expect(await imported(again)).toMatchObject({ calendar: { id: calendar.id }, added: 0, changed: 0 });
    }
    expect(await rows(calendar.id)).toEqual(before);
    expect(await imported(await importing(team('Moved').replace('SEQUENCE:1', 'SEQUENCE:2')))).toMatchObject({
      changed: 1,
    });
    expect(await imported(await importing(team('Old')))).toMatchObject({ changed: 0 });
    expect((await rows(calendar.id)).map(({ title }) => title)).toEqual(['Moved', 'Later', 'Party']);
  });

  it('five at once are one calendar', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => importing(team(), { name: 'At once' })),
    );
    const ids = await Promise.all(answers.map(async (answer) => (await imported(answer)).calendar.id));
    expect(new Set(ids).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(await rows(ids[0] ?? '')).toHaveLength(3);
  });

  it('is done once for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const [first, again] = [
      await importing(team(), { headers, name: 'K' }),
      await importing(team(), { headers, name: 'K' }),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await imported(again)).toEqual(await imported(first));
    expect(await problemIn(await importing(team('Other'), { headers, name: 'K' }))).toMatchObject({
      status: 409,
    });
  });

  it('may have been uploaded before', async () => {
    const opened = (await (
      await door.ask('/api/v1/uploads', { headers: bearer(me), body: { name: 'my.ics' } })
    ).json()) as { id: string; url: string; complete: string };
    await door.ask(opened.url, { method: 'PUT', body: team() });
    expect((await door.ask(opened.complete, { method: 'POST', headers: bearer(me) })).status).toBe(200);
    const body = { upload: opened.id, name: 'Uploaded' };
    expect((await door.ask('/calendars/import', { headers: bearer(other), body })).status).toBe(404);
    const answer = await door.ask('/calendars/import', { headers: bearer(me), body });
    expect(await imported(answer)).toMatchObject({ calendar: { name: 'Uploaded' }, added: 3 });
  });

  it('of 3,000 events is taken in one go', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      event(
        `many-${index}`,
        `SUMMARY:Event ${index}`,
        `DTSTART;TZID=Europe/Berlin:2026${String(1 + (index % 12)).padStart(2, '0')}10T090000`,
        'RRULE:FREQ=WEEKLY;COUNT=4000',
      ),
    );
    const answer = await importing(file('X-WR-CALNAME:Many', ...many.flat()));
    const { calendar, added } = await imported(answer);
    expect(added).toBe(3_000);
    expect(
      (await door.ask(`/calendars/${calendar.id}`, { method: 'DELETE', headers: bearer(me) })).status,
    ).toBe(204);
    expect(await rows(calendar.id)).toEqual([]);
  }, 60_000);

  it.each<[what: string, body: string, status: number, code: string]>([
    ['nothing', '', 400, 'calendar-empty'],
    ['a page', '<p>', 400, 'calendar-not-icalendar'],
    ['a deep one', `BEGIN:VCALENDAR\r\n${'BEGIN:X\r\n'.repeat(1_000)}`, 400, 'calendar-too-deep'],
    [
      'rules of seconds alone',
      file(...event('a', 'DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY')),
      400,
      'calendar-unusable',
    ],
    [
      'a million instances',
      file(...event('a', 'DTSTART:20260101T000000Z', 'RRULE:FREQ=DAILY;COUNT=1000000')),
      400,
      'calendar-unusable',
    ],
    ['more than 5 MB', 'x'.repeat(5 * 1024 * 1024 + 1), 413, 'body-too-large'],
  ])('%s is refused', async (_, body, status, code) => {
    expect(await problemIn(await importing(body))).toMatchObject({ status, code });
  });

  it.each<[body: object, status: number]>([
    [{}, 400],
    [{ url: 'https://a.org/b', upload: '0193b3f0-4d5e-4000-a000-000000000001' }, 400],
    [{ url: 'ftp://a.org/b' }, 400],
    [{ url: 'http://a.org:22/' }, 400],
    [{ url: 'http://127.0.0.2/' }, 400],
    [{ url: 'http://169.254.169.254/latest/meta-data' }, 400],
    [{ url: 'http://[::1]:8080/' }, 400],
    [{ url: 'https://a.org/b', name: 'a\nb' }, 400],
    [{ url: 'https://a.org/b', more: 1 }, 400],
    [{ upload: '0193b3f0-4d5e-4000-a000-000000000001' }, 404],
  ])('%j is refused', async (body, status) => {
    expect((await door.ask('/calendars/import', { headers: bearer(me), body })).status).toBe(status);
  });

  it('of another kind, or of nobody who registered, is refused', async () => {
    expect((await importing(team(), { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    const answer = await door.ask('/calendars/import', {
      as: 'operator',
      method: 'POST',
      headers: { 'content-type': 'text/calendar' },
      body: team(),
    });
    expect(answer.status).toBe(404);
  });
});

describe('what is read', () => {
  it('is a list by pages, one’s own first, and nobody else’s', async () => {
    const who = await signedIn(await registered());
    for (const name of ['A', 'B', 'C']) await importing(team(), { as: who, name });
    const page = async (path: string) =>
      (await (await get(path, bearer(who))).json()) as { calendars: View[]; links: { next?: string } };
    const first = await page('/calendars?limit=2');
    expect(first.calendars.map(({ name }) => name).slice(1)).toEqual(['C', 'B']);
    expect(first.calendars[0]).toMatchObject({ id: who.user, kind: 'own' });
    const next = await page(first.links.next ?? '');
    expect(next.calendars.map(({ name }) => name)).toEqual(['A']);
    expect(next.links.next).toBeUndefined();
    const { id = '' } = next.calendars[0] ?? {};
    for (const path of [
      `/calendars/${id}`,
      `/calendars/${id}.ics`,
      `/calendars/${who.user}`,
      '/calendars/x',
      '/calendars/x.ics',
    ])
      expect((await get(path)).status).toBe(404);
    for (const method of ['POST', 'DELETE'])
      expect((await door.ask(`/calendars/${id}/feed`, { method, headers: bearer(me) })).status).toBe(404);
    expect((await door.ask(`/calendars/${id}`, { method: 'DELETE', headers: bearer(me) })).status).toBe(404);
    expect(
      (await door.ask(`/calendars/${who.user}`, { method: 'DELETE', headers: bearer(who) })).status,
    ).toBe(404);
  });

  it('is a file that holds the same, and is not sent twice', async () => {
    const { calendar } = await imported(await importing(team(), { name: 'Round' }));
    const answer = await get(`/calendars/${calendar.id}.ics`);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260310T090000');
    const etag = answer.headers.get('etag') ?? '';
    const known = await get(`/calendars/${calendar.id}.ics`, { ...bearer(me), 'if-none-match': etag });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const again = await imported(await importing(text, { as: other, name: 'Copy' }));
    expect(again).toMatchObject({ added: 3, skipped: [] });
  });

  it('is one’s own, and an event, for those who see it', async () => {
    const body = {
      title: 'Picnic',
      starts: '2036-07-01T12:00:00',
      zone: 'Europe/Paris',
      visibility: 'public',
    };
    const made = await door.ask('/events', { headers: bearer(me), body });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const text = await (await get(`/events/${id}.ics`, bearer(other))).text();
    expect(text).toContain('SUMMARY:Picnic');
    expect(text).toContain('DTSTART;TZID=Europe/Paris:20360701T120000');
    expect((await get('/events/x.ics')).status).toBe(404);
    expect((await get(`/events/${id}.ics`, {})).status).toBe(401);
    const own = async (who: Tokens) => await (await get(`/calendars/${who.user}.ics`, bearer(who))).text();
    expect(await own(me)).toContain('SUMMARY:Picnic');
    expect(await own(other)).not.toContain('SUMMARY:Picnic');
    await door.ask(`/events/${id}/participation`, {
      method: 'PUT',
      headers: bearer(other),
      body: { state: 'going' },
    });
    expect(await own(other)).toContain('SUMMARY:Picnic');
  });

  it('is open by a secret address until that is ended', async () => {
    const share = async () => {
      const answer = await door.ask(`/calendars/${me.user}/feed`, { method: 'POST', headers: bearer(me) });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { path: string }).path;
    };
    const path = await share();
    expect(await share()).toBe(path);
    expect((await get(path, {})).status).toBe(200);
    expect((await get(path.replace(/.\.ics$/, '_.ics'), {})).status).toBe(404);
    expect(((await (await get(`/calendars/${me.user}`)).json()) as View).links.feed).toBe(path);
    const end = () => door.ask(`/calendars/${me.user}/feed`, { method: 'DELETE', headers: bearer(me) });
    expect([(await end()).status, (await end()).status]).toEqual([204, 404]);
    expect((await get(path, {})).status).toBe(404);
    expect(await share()).not.toBe(path);
    const [secret = ''] = /[\w-]{43}/.exec(path) ?? [];
    expect(door.lines.some((line) => line.includes(secret))).toBe(false);
    const [dump] = await door.fixture.rows<{ ledger: string }>(
      "select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d)) as ledger",
    );
    for (const told of [secret, 'Stand-up', 'BEGIN:VCALENDAR'])
      expect([told, dump?.ledger.includes(told)]).toEqual([told, false]);
  });
});

describe('a feed', () => {
  /** A server of somebody else. */
  let body = team();
  let status = 200;
  let asked: (string | undefined)[] = [];
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers['if-none-match']);
      if (status === 302) response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
      else if (request.headers['if-none-match'] === `"${body.length}"` && status === 200)
        response.writeHead(304).end();
      else response.writeHead(status, { etag: `"${body.length}"` }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/team.ics`;
  });
  afterAll(() => server.close());

  const calendars = createCalendars({ pool: door.fixture.pool });
  async function written(write: Awaited<ReturnType<typeof refreshCalendars.handle>>['write']) {
    const client = await door.fixture.pool.connect();
    try {
      await client.query('begin');
      const query: Transaction['query'] = async (text, values = []) =>
        (await client.query(text, [...values])).rows;
      const done = await write?.({ query });
      await client.query('commit');
      return done;
    } finally {
      client.release(true);
    }
  }
  /** Does one look as a worker would. */
  async function look(calendar: string, allow = ['127.0.0.1']): Promise<unknown> {
    const data = { user: me.user, calendar };
    const never = (): never => {
      throw new Error('not needed');
    };
    const received = { id: 'an-event', type: 'calendar.refresh-requested' as const, key: undefined, data };
    const { write } = await refreshCalendar.handle(
      {
        run: { id: 'a-run', owner: me.user, title: 'a look' },
        delivery: { id: 'a-delivery', attempt: 1, key: undefined },
        one: () => received as never,
        all: () => [received] as never,
      },
      {
        outbound: createOutbound({ allow }),
        calendars,
        signal: new AbortController().signal,
        clock: { now: () => new Date() },
        random: { next: () => 0.5 },
        log: { info: () => undefined, warn: () => undefined },
        progress: () => undefined,
        workdir: '',
        ...{ provider: never, put: never, fetch: never, place: never },
      },
    );
    return (await written(write))?.reply;
  }
  const state = async (id: string) => (await (await get(`/calendars/${id}`)).json()) as View;

  it('is read, asked for changes alone, and emptied of what it holds no more', async () => {
    const answer = await door.ask('/calendars/import', { headers: bearer(me), body: { url } });
    expect(answer.status).toBe(201);
    const { calendar } = await imported(answer);
    expect(calendar).toMatchObject({ kind: 'feed', state: 'waiting', url, name: '127.0.0.1' });
    const again = await door.ask('/calendars/import', { headers: bearer(me), body: { url } });
    expect([again.status, (await imported(again)).calendar.id]).toEqual([200, calendar.id]);
    const events = await door.fixture.rows<{ data: object }>(
      "select data from ledger.event where type = 'calendar.refresh-requested'",
    );
    expect(events.map(({ data }) => data)).toContainEqual({ user: me.user, calendar: calendar.id });
    expect(await look(calendar.id)).toEqual({ state: 'changed' });
    expect(await state(calendar.id)).toMatchObject({ state: 'good', name: 'Team' });
    const before = await rows(calendar.id);
    expect(before).toHaveLength(3);
    asked = [];
    expect(await look(calendar.id)).toEqual({ state: 'same' });
    expect(asked).toEqual([`"${body.length}"`]);
    expect(await rows(calendar.id)).toEqual(before);
    body = file('X-WR-CALNAME:Team', ...event('party', 'SUMMARY:Big party', 'DTSTART;VALUE=DATE:20260402'));
    expect(await look(calendar.id)).toEqual({ state: 'changed' });
    expect((await rows(calendar.id)).map(({ title }) => title)).toEqual(['Big party']);
  });

  it('that cannot be read says why, is asked later and later, and keeps what it had', async () => {
    const { calendar } = await imported(
      await door.ask('/calendars/import', { headers: bearer(me), body: { url } }),
    );
    const wait = async () => {
      const [row] = await door.fixture.rows<{ minutes: number | null }>(
        'select round(extract(epoch from due_at - checked_at) / 60)::int as minutes from people.calendar where id = $1',
        [calendar.id],
      );
      return row?.minutes;
    };
    const kept = await rows(calendar.id);
    const waits: unknown[] = [];
    for (const [answer, why] of [
      [500, 'feed-status-500'],
      [404, 'feed-status-404'],
      [302, 'outbound-address-refused'],
    ] as const) {
      status = answer;
      expect(await look(calendar.id)).toEqual({ state: 'failed' });
      expect(await state(calendar.id)).toMatchObject({ state: 'failing', failure: why });
      waits.push(await wait());
    }
    expect(waits).toEqual([15, 30, 60]);
    expect(await look(calendar.id, [])).toEqual({ state: 'failed' });
    expect(await state(calendar.id)).toMatchObject({ failure: 'outbound-address-refused' });
    status = 200;
    const good = body;
    body = '<!doctype html>';
    await look(calendar.id);
    expect(await state(calendar.id)).toMatchObject({ failure: 'calendar-not-icalendar' });
    expect(await rows(calendar.id)).toEqual(kept);
    body = good;
    await look(calendar.id);
    expect([(await state(calendar.id)).state, await wait()]).toEqual(['good', 60]);
    status = 410;
    await look(calendar.id);
    expect(await wait()).toBeNull();
    status = 200;
  });

  it('is asked for once an hour, by one of many who look at once', async () => {
    const { calendar } = await imported(
      await door.ask('/calendars/import', { headers: bearer(me), body: { url } }),
    );
    await look(calendar.id);
    await door.fixture.rows(
      "update people.calendar set due_at = now() - interval '1 minute' where kind = 'feed'",
    );
    const [input, deps] = [{} as never, {} as never];
    const ticks = await Promise.all(
      Array.from({ length: 4 }, async () => written((await refreshCalendars.handle(input, deps)).write)),
    );
    const due = ticks.flatMap((done) => done?.events ?? []);
    expect(due.map(({ data }) => data)).toEqual([{ user: me.user, calendar: calendar.id }]);
    const next = await written((await refreshCalendars.handle(input, deps)).write);
    expect(next?.events).toEqual([]);
  });

  it('goes with its owner', async () => {
    const who = await registered();
    await importing(team(), { as: await signedIn(who) });
    await door.fixture.rows('delete from people.account where id = $1', [who.id]);
    expect(await door.fixture.rows('select from people.calendar where owner = $1', [who.id])).toEqual([]);
    expect(await door.fixture.rows('select from people.gathering where owner = $1', [who.id])).toEqual([]);
  });
});
