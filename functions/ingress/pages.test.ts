import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor } from './testing/front-door.ts';

const door = await openFrontDoor();
const EVIL = '"><img src=x onerror=alert(1)> & <script>alert(2)</script>';
let cookie = '';
let running = '';

beforeAll(async () => {
  cookie = `millrace_session=${await door.token('alice')}`;
  await door.start('alice', { topic: 'Why bees dance', title: EVIL });
  await door.work('keyword-fetch', {
    files: {
      'video.mp4': { bytes: 'film', type: 'video/mp4' },
      'thumbnail.jpg': { bytes: 'picture', type: 'image/jpeg' },
      'captions.vtt': { bytes: 'WEBVTT', type: 'text/vtt' },
    },
  });
  await door.start('alice', { topic: 'What fails' });
  await door.work('keyword-fetch', { failure: { code: 'no-words', message: `No words in ${EVIL}` } });
  running = await door.start('alice', { topic: 'What goes on' });
});
afterAll(() => door.close());

const page = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await door.ask(path, { headers });
  expect([path, answer.status]).toEqual([path, 200]);
  return { text: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' };
};

/** Every address that a page loads by itself. */
function loads(text: string): string[] {
  return [...text.matchAll(/<(?!a\b)\w+[^>]*?\s(?:src|href|poster|data-events)="([^"]+)"/g)].map(
    ([, address = '']) => address.replaceAll('&amp;', '&'),
  );
}

describe('every page', () => {
  test.each([
    ['/', true],
    ['/', false],
    ['/news', true],
    ['/news', false],
    ['/docs', false],
    ['/verify-email', false],
    ['/reset-password', false],
    ['/?token=nonsense', false],
  ])(
    '%s (signed in: %s) loads nothing from elsewhere and runs nothing of its own text',
    async (path, signedIn) => {
      const answer = await door.ask(path, { headers: signedIn ? { cookie } : {} });
      const text = await answer.text();
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(text).not.toMatch(/\sstyle="|\son\w+="|<style|<script(?! type="module" src=")|javascript:/i);
      const addresses = loads(text);
      expect(addresses).toContain('/assets/style.css');
      for (const address of addresses) {
        expect(address).toMatch(/^\/(?!\/)/);
        const loaded = await door.ask(address, { headers: { cookie } });
        await loaded.body?.cancel();
        expect([address, loaded.status]).toEqual([address, 200]);
      }
      expect(text).toMatch(/<html lang="en">/);
      expect(text.match(/<h1/g)).toHaveLength(1);
    },
  );

  test('the style and the script load nothing from elsewhere', async () => {
    for (const asset of ['style.css', 'live.js', 'mark.svg']) {
      const { text } = await page(`/assets/${asset}`);
      expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/(?:https?:)?\/\/[a-z]/i);
      for (const [, address] of text.matchAll(/url\("([^"]+)"\)/g)) {
        expect((await door.ask(address ?? '')).status, address).toBe(200);
      }
    }
  });
});

describe('the first page', () => {
  test('shows each run as it stands, with its film, its failure, or its stream', async () => {
    const { text } = await page('/', { cookie });
    expect(text).not.toContain('<img src=x');
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    const [, ...cards] = text.split('<article class="run ');
    expect(cards.map((card) => card.split('"')[0])).toEqual(['queued', 'failed', 'completed']);
    const [live = '', failed = '', filmed = ''] = cards;
    expect(live).toContain(`data-events="/api/pipelines/${running}/events"`);
    expect(live).toContain('data-step="render-tts" data-state="waiting"');
    expect(failed).toContain('<b>keyword-fetch</b>: No words in');
    expect(filmed).toMatch(/<video src="[^"]+signature=[^"]+"[^>]* controls muted/);
    expect(filmed).toContain('<track kind="captions"');
    expect(text).toContain('Where to go next');
  });

  test('what its script looks for is there', async () => {
    const { text: script } = await page('/assets/live.js');
    const { text } = await page('/', { cookie });
    const wanted = [...script.matchAll(/querySelector(?:All)?\([`'"]\[(data-[a-z]+)/g)].map(
      ([, name]) => name,
    );
    expect(wanted.length).toBeGreaterThan(5);
    for (const name of wanted) expect(text).toMatch(new RegExp(`\\s${name}[\\s=>]`));
  });

  test('with no runs says how to begin', async () => {
    const { text } = await page('/', { cookie: `millrace_session=${await door.token('newcomer')}` });
    expect(text).toContain('Your first video');
    expect(text).toContain('npm run demo');
  });
});

describe('signing in', () => {
  const form = (token: string, headers: Record<string, string> = {}) =>
    door.ask('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ username: 'millrace', token }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  test('by the form and by the link: a cookie that scripts and other sites do not get, and an address without it', async () => {
    const token = await door.token('alice');
    for (const answer of [await form(token), await door.ask(`/?token=${token}`)]) {
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
      const set = answer.headers.get('set-cookie') ?? '';
      expect(set).toMatch(
        /^millrace_session=[\w.-]+; Max-Age=3(?:600|59\d); Path=\/; HttpOnly; SameSite=Strict$/,
      );
    }
  });

  test('a wrong token says so and sets nothing', async () => {
    for (const answer of [await form('nonsense'), await form(''), await door.ask('/?token=nonsense')]) {
      expect(answer.status).toBe(400);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.text()).toMatch(/role="alert">[^<]{10,}</);
    }
    expect((await form('x'.repeat(10_000))).status).toBe(413);
  });

  test('not from another site, which would have people work in its own account', async () => {
    const token = await door.token('mallory');
    const answers = [
      await form(token, { 'sec-fetch-site': 'cross-site' }),
      await form(token, { origin: 'https://evil.example' }),
      await door.ask(`/?token=${token}`, { headers: { 'sec-fetch-site': 'cross-site' } }),
    ];
    for (const answer of answers) {
      expect([400, 403]).toContain(answer.status);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  test('signing out takes the cookie back', async () => {
    const answer = await door.ask('/sign-out', { method: 'POST', headers: { cookie } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(/^millrace_session=; Max-Age=0/);
  });
});

describe('the reference', () => {
  test('has a card for every operation and shape, and every link in it leads somewhere', async () => {
    const { text } = await page('/docs');
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const { openapi } of door.ingress.routes) {
      if (openapi?.operationId !== undefined) expect(ids).toContain(openapi.operationId);
    }
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(30);
    for (const link of links) expect(ids).toContain(link);
    expect(text).not.toMatch(/undefined|\[object|`/);
  });

  test('its examples call this very server', async () => {
    const { text } = await page('/docs');
    expect(text).toContain(`curl ${door.url}/health`);
    expect(text).not.toContain('127.0.0.1:8080');
    const strange = await door.ingress.fetch(new Request("http://x$(id)'/docs"), {});
    expect(await strange.text()).not.toContain('$(id)');
  });
});
