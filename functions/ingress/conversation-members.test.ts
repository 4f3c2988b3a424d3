import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeopleErasure } from '#shared/erasure';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer } from './testing/people.ts';
import { answered, type Person, talkingAt } from './testing/talking.ts';

const door = await openFrontDoor();
const { arrives, ask, direct, group, page, say } = talkingAt(door);
let alice: Person;
let bob: Person;
let carol: Person;
let stranger: Person;
beforeAll(async () => {
  alice = await arrives();
  bob = await arrives();
  carol = await arrives();
  stranger = await arrives();
}, 120_000);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('a group', () => {
  it('is changed by its owner; who leaves, or is taken out, sees nothing of it; who comes sees what comes', async () => {
    const conversation = await group(alice, bob, carol);
    const path = `/messages/conversations/${conversation}`;
    const early = await say(bob, conversation, 'early');
    const etag = { 'if-match': (await ask(alice, path)).headers.get('etag') ?? '' };
    expect(await answered(await ask(alice, path, 'PUT', { title: ' Hares ' }, etag), 200)).toMatchObject({
      title: 'Hares',
    });
    expect((await ask(alice, path, 'PUT', { title: 'Late' }, etag)).status).toBe(412);
    expect(await problemIn(await ask(bob, path, 'PUT', { title: 'Mine' }))).toMatchObject({
      status: 403,
      code: 'not-owner',
    });
    expect((await ask(bob, `${path}/members/${carol.id}`, 'DELETE')).status).toBe(403);
    expect((await ask(bob, `${path}/members/${stranger.id}`, 'PUT')).status).toBe(403);
    expect((await ask(alice, `${path}/members/${randomUUID()}`, 'PUT')).status).toBe(404);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(alice, `${path}/members/${carol.id}`, 'DELETE')).status).toBe(204);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(alice, `${path}/members/${stranger.id}`, 'PUT')).status).toBe(204);
    const late = await say(bob, conversation, `late, @${stranger.handle} @${carol.handle}`);
    expect(late.mentions).toEqual([{ id: stranger.id, handle: stranger.handle, name: stranger.handle }]);
    for (const gone of [
      path,
      `/messages?conversation=${conversation}`,
      `/messages/${early.id}`,
      `/messages/${late.id}`,
    ])
      expect((await ask(carol, gone)).status, gone).toBe(404);
    expect((await page(stranger, `/messages?conversation=${conversation}`)).messages).toMatchObject([
      { text: late.text },
    ]);
    expect((await ask(stranger, `/messages/${early.id}`)).status).toBe(404);
    expect((await ask(stranger, `/messages/${early.id}/reactions/%F0%9F%91%8D`, 'PUT')).status).toBe(404);
    const answer = await ask(stranger, '/messages', 'POST', {
      conversation,
      text: 'What?',
      replyTo: early.id,
    });
    expect(await problemIn(answer)).toMatchObject({ status: 400, code: 'reply-unknown' });
    // The owner may delete what others said; when he leaves, the next one owns it.
    expect((await ask(alice, `/messages/${late.id}`, 'DELETE')).status).toBe(204);
    expect((await ask(alice, `${path}/members/${alice.id}`, 'DELETE')).status).toBe(204);
    expect(await answered(await ask(bob, path, 'PUT', { title: 'Mine' }), 200)).toMatchObject({
      people: [
        { id: bob.id, owner: true },
        { id: stranger.id, owner: false },
      ],
    });
    for (const who of [stranger, bob])
      expect((await ask(who, `${path}/members/${who.id}`, 'DELETE')).status).toBe(204);
    const left = await door.fixture.rows('select from people.message where conversation = $1', [
      conversation,
    ]);
    expect(left).toEqual([]);
  });

  it('is not for somebody who has blocked its owner, nor for nobody', async () => {
    const shy = await arrives();
    expect((await ask(shy, `/users/${alice.id}/block`, 'PUT')).status).toBe(204);
    for (const member of [shy.id, randomUUID()]) {
      const body = { kind: 'group', title: 'Rabbits', members: [bob.id, member] };
      expect(await problemIn(await ask(alice, '/messages/conversations', 'POST', body))).toMatchObject({
        status: 404,
        code: 'member-unknown',
        errors: [{ field: 'members.1' }],
      });
    }
    const conversation = await group(alice, bob);
    expect(
      (await ask(alice, `/messages/conversations/${conversation}/members/${shy.id}`, 'PUT')).status,
    ).toBe(404);
  });
});

describe('whoever blocks somebody', () => {
  it('hears nothing more of him by two, and sees what he says in a group as folded', async () => {
    const [pest, quiet] = [await arrives(), await arrives()];
    const conversation = await direct(pest, quiet);
    const common = await group(alice, pest, quiet);
    const said = await say(pest, conversation, 'Hello?');
    expect((await ask(quiet, `/users/${pest.id}/block`, 'PUT')).status).toBe(204);
    for (const [by, other] of [
      [pest, quiet],
      [quiet, pest],
    ] as const) {
      expect(
        await problemIn(await ask(by, '/messages', 'POST', { conversation, text: 'Hello?' })),
      ).toMatchObject({
        ...{ status: 403, code: 'person-blocked' },
      });
      // What was said stays theirs to read.
      expect(await direct(by, other, 200)).toBe(conversation);
    }
    for (const [path, method, body] of [
      [`/messages/${said.id}`, 'PUT', { text: 'Hello!' }],
      [`/messages/${said.id}/reactions/%F0%9F%91%8D`, 'PUT', undefined],
    ] as const)
      expect((await ask(pest, path, method, body)).status).toBe(403);
    await say(pest, common, 'Hello all');
    const [seen] = (await page(quiet, `/messages?conversation=${common}`)).messages;
    expect(seen).toMatchObject({ text: 'Hello all', hidden: true });
    expect((await page(alice, `/messages?conversation=${common}`)).messages).toMatchObject([
      { hidden: false },
    ]);
    const [newcomer, blocker] = [await arrives(), await arrives()];
    await ask(blocker, `/users/${newcomer.id}/block`, 'PUT');
    const open = (by: Person, other: Person) =>
      ask(by, '/messages/conversations', 'POST', { kind: 'direct', with: other.id });
    const refused = await problemIn(await open(newcomer, blocker));
    expect(refused).toMatchObject({ status: 404, code: 'not-found' });
    expect((await problemIn(await open(newcomer, { ...blocker, id: randomUUID() }))).detail).toBe(
      refused.detail,
    );
    expect((await open(blocker, newcomer)).status).toBe(409);
  });
});

describe('a deleted account', () => {
  it('leaves what it said to others, without its name, and nobody who would read more', async () => {
    const leaver = await arrives();
    const conversation = await direct(leaver, bob);
    const common = await group(leaver, alice, bob);
    const { id } = await say(leaver, conversation, 'Farewell');
    await say(leaver, common, 'Farewell all');
    await ask(leaver, `/messages/${(await say(bob, common, 'Bye')).id}/reactions/%F0%9F%91%8D`, 'PUT');
    const alone = await group(leaver, stranger);
    await ask(stranger, `/messages/conversations/${alone}/members/${stranger.id}`, 'DELETE');
    expect((await ask(leaver, '/users/me', 'DELETE', { password: leaver.password })).status).toBe(202);
    expect(await answered(await ask(bob, `/messages/${id}`), 200)).toMatchObject({
      text: 'Farewell',
      author: null,
    });
    expect(await answered(await ask(bob, `/messages/conversations/${conversation}`), 200)).toMatchObject({
      with: null,
    });
    expect(
      await problemIn(await ask(bob, '/messages', 'POST', { conversation, text: 'Wait' })),
    ).toMatchObject({
      ...{ status: 409, code: 'person-gone' },
    });
    // Another one owns the group, at once.
    expect(await answered(await ask(alice, `/messages/conversations/${common}`), 200)).toMatchObject({
      people: [{ id: alice.id, owner: true }, { id: bob.id }],
    });
    expect((await ask(alice, `/messages/conversations/${common}`, 'PUT', { title: 'Ours' })).status).toBe(
      200,
    );
    const erasure = createPeopleErasure({ pool: door.fixture.pool });
    while ((await erasure.erase({ account: leaver.id })).more);
    const [bye] = (await page(alice, `/messages?conversation=${common}`)).messages;
    expect(bye).toMatchObject({ text: 'Bye', reactions: [] });
    // What nobody is left to read is gone.
    expect(await door.fixture.rows('select from people.conversation where id = $1', [alone])).toEqual([]);
  });
});

describe('nobody else', () => {
  it('learns anything: a stranger, somebody without an account, and an admin are all told that there is nothing', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'Only for two');
    const admin = `Bearer ${await door.token('boss', { roles: ['admin'] })}`;
    const body: Record<string, object> = {
      [`PUT /messages/conversations/${conversation}`]: { title: 'Mine' },
      [`PUT /messages/conversations/${conversation}/read`]: { seq: 1 },
      [`PUT /messages/${id}`]: { text: 'Mine' },
      'POST /messages': { conversation, text: 'Mine' },
    };
    for (const asked of [
      `GET /messages/conversations/${conversation}`,
      `PUT /messages/conversations/${conversation}`,
      `PUT /messages/conversations/${conversation}/read`,
      `POST /messages/conversations/${conversation}/typing`,
      `PUT /messages/conversations/${conversation}/members/${stranger.id}`,
      `DELETE /messages/conversations/${conversation}/members/${bob.id}`,
      `GET /messages?conversation=${conversation}`,
      'POST /messages',
      `GET /messages/${id}`,
      `PUT /messages/${id}`,
      `DELETE /messages/${id}`,
      `PUT /messages/${id}/reactions/%F0%9F%91%8D`,
      `DELETE /messages/${id}/reactions/%F0%9F%91%8D`,
    ]) {
      const [method = '', path = ''] = asked.split(' ');
      const sent = body[asked] === undefined ? {} : { body: body[asked] };
      const by = (headers: Record<string, string>) => door.ask(path, { method, ...sent, headers });
      expect((await by({})).status, asked).toBe(401);
      for (const headers of [bearer(stranger), { authorization: admin }])
        expect(await problemIn(await by(headers)), asked).toMatchObject({ status: 404, code: 'not-found' });
      const missing = path.replaceAll(conversation, randomUUID()).replaceAll(id, randomUUID());
      const of = (problem: { detail: string }) => problem.detail;
      if (missing !== path)
        expect(
          of(await problemIn(await door.ask(missing, { method, ...sent, headers: bearer(stranger) }))),
        ).toBe(of(await problemIn(await by(bearer(stranger)))));
    }
    expect((await page(stranger, '/messages/search?q=only')).messages).toEqual([]);
    expect(await answered(await ask(bob, `/messages/${id}`), 200)).toMatchObject({
      text: 'Only for two',
      version: 1,
    });
  });

  it('finds what was said in the ledger or in a log', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'an unspeakable jabberwock', {});
    await ask(
      alice,
      `/messages/${id}`,
      'PUT',
      { text: 'a frumious bandersnatch' },
      { 'idempotency-key': 'edit' },
    );
    await ask(alice, `/messages/conversations/${conversation}`, 'PUT', { title: 'The vorpal sword' });
    const [dump] = await door.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r)) as all`,
    );
    expect(dump?.all).toContain(id);
    for (const word of ['jabberwock', 'bandersnatch', 'vorpal', bob.handle])
      expect(`${dump?.all}${door.lines.join('')}`).not.toContain(word);
  });
});
