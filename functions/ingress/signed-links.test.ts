import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUrlSigner } from '#shared/auth';
import { filmAt } from './testing/film.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';

const door = await openFrontDoor();
let pipeline = '';
let artifact = '';
let strangers = '';
beforeAll(async () => {
  ({ pipeline, artifact } = await filmAt(door));
  strangers = await door.start('stranger');
});
afterAll(() => door.close());

describe('signed links', () => {
  test('open one path without a token, unaltered, until they expire', async () => {
    const read = await door.ask(`/api/pipelines/${pipeline}`, { as: 'owner' });
    const { artifacts } = (await read.json()) as { artifacts: { signedHref: string; href: string }[] };
    const [{ signedHref, href } = { signedHref: '', href: '' }] = artifacts;
    expect(href).toBe(artifact);
    const good = await door.ask(signedHref);
    expect([good.status, await good.text()]).toEqual([200, '0123456789']);
    expect((await door.ask(`${signedHref}&download=1`)).headers.get('content-disposition')).toMatch(
      /^attachment/,
    );

    const link = new URL(signedHref, door.url);
    const [expires, signature] = [
      link.searchParams.get('expires') ?? '',
      link.searchParams.get('signature') ?? '',
    ];
    const soon = new Date(Date.now() + 60_000);
    const signed = (path: string, expiresAt = soon) =>
      door.options.signer.sign({ method: 'GET', path, expiresAt });
    const keysFolder = await mkdtemp(join(tmpdir(), 'millrace other keys '));
    const other = createUrlSigner({ keysFolder, clock: door.options.clock });
    const foreign = await other.sign({ method: 'GET', path: artifact, expiresAt: soon });
    await rm(keysFolder, { recursive: true });
    const bad = {
      expired: await signed(artifact, new Date(Date.now() - 1_000)),
      'later than signed': `${artifact}?expires=${Number(expires) + 3600}&signature=${signature}`,
      'another path': `${artifact.replace('video.mp4', 'script.json')}${link.search}`,
      'another part': `${artifact.replace('video.mp4', 'scene-001/video.mp4')}${link.search}`,
      'another owner’s pipeline': `${artifact.replace(pipeline, strangers)}${link.search}`,
      'another signature': `${artifact}?expires=${expires}&signature=${'A'.repeat(43)}`,
      'no expiry': `${artifact}?signature=${signature}`,
      'no signature but an expiry': `${artifact}?expires=${expires}`,
      'two signatures': `${artifact}${link.search}&signature=${signature}`,
      'another key': foreign,
      'for an upload': await door.options.signer.sign({ method: 'PUT', path: artifact, expiresAt: soon }),
    };
    for (const [name, path] of Object.entries(bad)) {
      // A bad link is not healed by the token of somebody else, nor by a good one.
      for (const as of [undefined, 'stranger']) {
        const answer = await door.ask(path, as === undefined ? {} : { as });
        const wanted = as === 'stranger' && name === 'no signature but an expiry' ? 404 : 401;
        expect(answer.status, name).toBe(wanted);
        await problemIn(answer);
      }
    }
    // What is signed but is not there is not there; what was removed is gone for its links too.
    expect((await door.ask(await signed(artifact.replace('video.mp4', 'none.mp4')))).status).toBe(404);
    expect((await door.ask(await signed(artifact.replace(pipeline, randomUUID())))).status).toBe(404);
    // A link to bytes opens nothing else, and only for reading.
    expect((await door.ask(signedHref, { method: 'DELETE' })).status).toBe(405);
    expect((await door.ask(`/api/pipelines/${pipeline}${link.search}`)).status).toBe(401);
  });
});
