import { afterAll, describe, expect, it } from 'vitest';
import { event, file, team } from '../../test/given-calendar.ts';
import { calendarsAt, imported, type View } from './testing/calendars.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, peopleAt, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
afterAll(() => door.close());
const { registered, signedIn } = peopleAt(door);
const { me, other, importing, get, rows } = await calendarsAt(door);

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

  it.each([
    ['the server that was asked', undefined],
    ['where people reach it', 'https://mill.example.org/below'],
  ])('is open by an address that begins with %s', async (_, publicUrl) => {
    const at = await openFrontDoor({ ...door.options, publicUrl });
    const shared = await at.ask(`/calendars/${other.user}/feed`, { method: 'POST', headers: bearer(other) });
    const { path, url } = (await shared.json()) as { path: string; url: string };
    expect(url).toBe(`${publicUrl ?? new URL(at.url).origin}${path}`);
    await at.close();
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
    const next = await share();
    expect(next).not.toBe(path);
    // Whoever had the old address gets nothing again.
    expect([(await get(path, {})).status, (await get(next, {})).status]).toEqual([404, 200]);
    const [secret = ''] = /[\w-]{43}/.exec(path) ?? [];
    expect(door.lines.some((line) => line.includes(secret))).toBe(false);
    const [dump] = await door.fixture.rows<{ ledger: string }>(
      "select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d)) as ledger",
    );
    for (const told of [secret, 'Stand-up', 'BEGIN:VCALENDAR'])
      expect([told, dump?.ledger.includes(told)]).toEqual([told, false]);
  });
});
