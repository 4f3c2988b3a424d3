import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Store, type S3Store } from '#shared/storage';
import { readTopology } from '#shared/topology';
import { type FrontDoor, openFrontDoor } from '../../../functions/ingress/testing/front-door.ts';
import { topologyPath } from '../../../localstack/embedded/paths.ts';
import { createPlan, provision } from '../../../localstack/provision/index.ts';
import { createTestBucket, type TestBucket } from '../bucket.ts';
import { testServer } from '../server.ts';
import { openTestPage, type TestPage } from './chromium.ts';

const server = testServer();
const MB = 2 ** 20;

/** What a page does: it knows the API alone, and not which store is behind it. */
const SCRIPT = `
  const file = await (await fetch('/file')).blob();
  const api = (path, method, body) => fetch(new URL(path, input.api), {
    method,
    headers: { authorization: 'Bearer ' + input.token, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const opened = await api('/api/v1/uploads', 'POST', { name: input.name, bytes: file.size, sha256 });
  const grant = await opened.json();
  const hosts = new Set();
  const send = async (url, bytes, headers) => {
    const to = new URL(url, input.api);
    hosts.add(to.host);
    const answer = await fetch(to, { method: 'PUT', body: bytes, headers });
    if (!answer.ok) throw new Error(url + ': ' + answer.status + ' ' + await answer.text());
  };
  if (grant.method === 'put') await send(grant.url, file, grant.headers);
  else {
    const size = grant.parts[0].bytes;
    const sendPart = ({ number, url }) => send(url, file.slice((number - 1) * size, number * size), grant.headers);
    // Interrupted after the last part, and gone on with from what the upload says of itself.
    await sendPart(grant.parts.at(-1));
    const read = await (await api(grant.abort, 'GET')).json();
    await Promise.all(read.grant.parts.filter(({ sent }) => !sent).map(sendPart));
  }
  const done = await api(grant.complete, 'POST');
  return { opened: opened.status, method: grant.method, parts: grant.parts?.length, status: done.status,
    upload: await done.json(), hosts: [...hosts], sha256 };
`;

interface Answer {
  opened: number;
  method: string;
  parts?: number;
  status: number;
  upload: { status: string; sha256: string; links: { pipeline?: string } };
  hosts: string[];
  sha256: string;
}

describe.each(['filesystem', 's3'])('a browser uploads to %s', (driver) => {
  let page: TestPage;
  let door: FrontDoor;
  let bucket: TestBucket | undefined;
  let store: S3Store | undefined;
  beforeAll(async () => {
    page = await openTestPage();
    if (driver === 's3') {
      bucket = await createTestBucket(server);
      store = await createS3Store({ ...server, bucket: bucket.name });
      // The rule that `npm run provision -- --origin …` makes, and none of the test's own.
      const { name } = bucket;
      const buckets = { inbox: name, artifacts: name };
      const plan = createPlan({
        topology: readTopology({ path: topologyPath }),
        prefix: name,
        buckets,
        corsOrigins: [page.origin],
      });
      const own = { queues: [], buckets: plan.buckets.filter(({ notifies }) => notifies === undefined) };
      await provision({ plan: own, connection: server, mode: 'apply', say: () => undefined });
    }
    door = await openFrontDoor({ allowedOrigins: [page.origin] }, store);
  });
  afterAll(async () => {
    await door?.close();
    await page?.close();
    store?.close();
    await bucket?.drop();
  });
  const upload = async (name: string, file: Buffer): Promise<Answer> =>
    await page.run({
      script: SCRIPT,
      input: { api: door.url, token: await door.token('alice'), name },
      file,
      limitMs: 50_000,
    });
  const receiver = () => new URL(driver === 's3' ? server.endpoint : door.url).host;

  it('a script in one request, which becomes a video', async () => {
    const answer = await upload(
      'three-hearts.md',
      Buffer.from('# Three hearts\n\nAn octopus has three hearts.\n'),
    );
    expect(answer).toMatchObject({ opened: 201, method: 'put', status: 200, hosts: [receiver()] });
    const run = await door.ask(answer.upload.links.pipeline ?? '', { as: 'alice' });
    expect(await run.json()).toMatchObject({ flow: 'dropped-video', title: 'three hearts' });
  });

  it('a film in parts, going on where it was interrupted', async () => {
    const film = Buffer.concat([Buffer.from('0000001c66747970', 'hex'), randomBytes(40 * MB)]);
    const sha256 = createHash('sha256').update(film).digest('hex');
    const answer = await upload('film.mp4', film);
    expect(answer).toMatchObject({ method: 'multipart', parts: 3, status: 200, hosts: [receiver()], sha256 });
    expect(answer.upload).toMatchObject({ status: 'completed', sha256 });
    if (bucket !== undefined) expect(await bucket.openUploads()).toEqual([]);
  });
});
