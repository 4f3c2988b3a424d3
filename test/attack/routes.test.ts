import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';
import {
  ADMIN,
  elsewhere,
  giveFor,
  ofPeople,
  PARTAKER,
  PERSON,
  prepared,
  SECRET,
  STRANGER,
  type World,
} from './owned-world.ts';
import { bodyFor, pathFor, TEXT } from './route-requests.ts';
import { expected } from './route-table.ts';

const whoIs = ['nobody', 'a cookie', 'another owner', 'the owner', 'an admin'];
const whoIsOfPeople = [
  ...['nobody', 'a cookie', 'nobody who registered', 'a stranger', 'who takes part', 'the owner', 'an admin'],
];
/** Where an admin is shown what others own. */
const shownToAdmins = [
  'GET /api/deliveries',
  'POST /api/deliveries/retry',
  'POST /api/deliveries/{delivery}/retry',
  'GET /api/deliveries/{delivery}/why',
];

/** With all that a front door can be given, so that no route is left out. */
const door = await openFrontDoor({ inboxBucket: 'inbox' });
const { routes } = door.ingress;
const nameOf = ({ method, path }: (typeof routes)[number]) => `${method.toUpperCase()} ${path}`;
let admin = '';
let registeredAdmin = '';
let cookie = '';
/** One for each row, made before any of them begins anything else. */
const worlds = new Map<string, World>();
beforeAll(async () => {
  admin = `Bearer ${await door.token('boss', { roles: ['admin'] })}`;
  registeredAdmin = `Bearer ${await door.token(ADMIN, { roles: ['admin'] })}`;
  cookie = `millrace_session=${await door.token('owner')}`;
  for (const route of routes) worlds.set(nameOf(route), await prepared(door));
  worlds.set('another', await prepared(door));
});
afterAll(() => door.close());

test('the list is that of the routes that are mounted', () => {
  expect(routes.map(nameOf).sort()).toEqual(Object.keys(expected).sort());
});

// What erases the account comes last.
const ends = ['/api/account', '/users/me', '/api/v1/users/account'];
const isEnd = ({ method, path }: (typeof routes)[number]) => method === 'delete' && ends.includes(path);
const inOrder = routes.toSorted((a, b) => Number(isEnd(a)) - Number(isEnd(b)));

describe.each(inOrder.map((route) => [nameOf(route), route] as const))(
  '%s',
  (name, { method, path, access }) => {
    test('answers each as it should, and tells nobody else what is the owner’s', async () => {
      const wanted = expected[name] ?? [];
      let world = worlds.get(name) as World;
      await giveFor(door, path, world);
      if (name.startsWith('POST /api/v1/uploads/'))
        await fetch(new URL(world.url, door.url), { method: 'PUT', body: TEXT });
      if (name === 'DELETE /api/pauses/{name}')
        await door.ask('/api/pauses', {
          method: 'POST',
          headers: { authorization: admin },
          body: { name: 'render-tts', reason: 'A reason.' },
        });
      const body = bodyFor(name, world);
      const type: Record<string, string> = path.endsWith('/media') ? { 'content-type': 'image/png' } : {};
      const asked = async (as: Parameters<typeof door.ask>[1]) => {
        const answer = await door.ask(pathFor(path, world), {
          method: method.toUpperCase(),
          ...(body === undefined ? {} : { body }),
          ...as,
          headers: { ...type, ...as?.headers },
        });
        // A stream of events says the first thing at once and then goes on.
        const reader = answer.body?.getReader();
        let said = '';
        for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
          said += Buffer.from(chunk.value).toString('latin1');
          if (name.endsWith('/events') && said.includes('snapshot')) break;
          if (name.endsWith('/stream') && said.includes('hello')) break;
        }
        await reader?.cancel();
        return { status: answer.status, said };
      };
      const people = access !== 'public' && ofPeople(path);
      const nobody = await asked({});
      const withCookie = await asked({ headers: { cookie } });
      const other = await asked({ as: 'other' });
      const stranger = people ? await asked({ as: STRANGER }) : other;
      if (path.includes('{id}') && path !== '/users/{id}') {
        const missing = await door.ask(pathFor(path, { ...world, ...elsewhere() }), {
          as: people ? STRANGER : 'other',
          method: method.toUpperCase(),
          ...(body === undefined ? {} : { body }),
          headers: type,
        });
        // Not even that it exists.
        const instance = /urn:millrace:request:[\w-]+/;
        expect(stranger.said.replace(instance, '')).toBe((await missing.text()).replace(instance, ''));
      }
      // What an owner may do once is asked of the others first.
      const boss = await asked({ headers: { authorization: people ? registeredAdmin : admin } });
      if (name === 'POST /api/deliveries/{delivery}/retry') world = worlds.get('another') ?? world;
      const takingPart = people ? await asked({ as: PARTAKER }) : other;
      const owner = await asked({ as: people ? PERSON : 'owner' });
      const who = people ? whoIsOfPeople : whoIs;
      const answers = people
        ? [nobody, withCookie, other, stranger, takingPart, owner, boss]
        : [nobody, withCookie, other, owner, boss];
      expect(Object.fromEntries(who.map((one, at) => [one, answers[at]?.status]))).toEqual(
        Object.fromEntries(who.map((one, at) => [one, wanted[at]])),
      );
      for (const { said } of [nobody, other, stranger, ...(shownToAdmins.includes(name) ? [] : [boss])]) {
        expect(said).not.toContain(SECRET);
        expect(said).not.toContain(world.upload);
        expect(said).not.toContain(world.inParts);
      }
    });
  },
);
