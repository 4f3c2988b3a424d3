import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFolderMail, createLetters, createSmtpMail, type Message } from './index.ts';

const from = { name: 'Millrace', address: 'millrace@example.org' };
const { signal } = new AbortController();
const message: Message = {
  to: 'alice@example.com',
  subject: 'Grüße an Alice',
  text: 'Hello Alice,\n.\nthe second line is a dot.\n',
  html: '<p>Hello Alice</p>',
  headers: { 'List-Unsubscribe': '<https://example.org/u/1>' },
  idempotencyKey: 'delivery-1',
  signal,
};

let folder = '';
/** For localhost, signed by itself, good for a hundred years. */
const certificate = {
  key: readFileSync(new URL('fixtures/localhost-key.pem', import.meta.url), 'utf8'),
  cert: readFileSync(new URL('fixtures/localhost-cert.pem', import.meta.url), 'utf8'),
};
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace mail '));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Received {
  readonly to: readonly string[];
  readonly raw: string;
  readonly user: unknown;
  readonly isSecure: boolean;
}

/** A mail server, and what it took. */
async function peer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right &word' ? done(null, { user: username }) : done(new Error('wrong')),
    onData(stream, session, done) {
      text(stream).then((raw) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, raw, user: session.user, isSecure: session.secure });
        done();
      }, done);
    },
    ...options,
  });
  // What a client breaks off.
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve((listening.address() as { port: number }).port),
    );
  });
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port, received };
}

/** A peer that does to each connection what it is told. */
async function wire(act: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    act(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return (server.address() as { port: number }).port;
}

const smtp = (url: string, limitMs?: number) =>
  createSmtpMail({ url, from, ca: certificate.cert, ...(limitMs === undefined ? {} : { limitMs }) });

describe('mail by SMTP', () => {
  it('arrives whole, twice under the same Message-ID', async () => {
    const { port, received } = await peer();
    const mail = smtp(`smtp://localhost:${port}`);
    const { messageId } = await mail.send(message);
    expect((await mail.send(message)).messageId).toBe(messageId);
    expect((await mail.send({ ...message, idempotencyKey: 'delivery-2' })).messageId).not.toBe(messageId);
    const [first, second] = received;
    expect(first?.to).toEqual(['alice@example.com']);
    expect(first?.isSecure).toBe(true);
    const raw = first?.raw ?? '';
    expect(raw).toContain(`Message-ID: ${messageId}`);
    expect(second?.raw).toContain(`Message-ID: ${messageId}`);
    expect(raw).toContain('From: Millrace <millrace@example.org>');
    expect(raw).toContain('Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_Alice?=');
    expect(raw).toContain('List-Unsubscribe: <https://example.org/u/1>');
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(raw).toMatch(/\r\n\.\r\nthe second line is a dot/);
    expect(raw).toContain('<p>Hello Alice</p>');
  });

  it('speaks TLS at once, and says its password', async () => {
    const { port, received } = await peer({ secure: true, authOptional: false });
    await smtp(`smtps://millrace:right%20%26word@localhost:${port}`).send(message);
    expect(received).toMatchObject([{ isSecure: true, user: 'millrace' }]);
  });

  it('tells nobody its password without TLS', async () => {
    const heard: string[] = [];
    const port = await wire((socket) => {
      socket.write('220 here\r\n');
      socket.on('data', (bytes) => {
        heard.push(bytes.toString());
        // STARTTLS is left out of what it offers, as somebody between could.
        socket.write(/^EHLO/.test(bytes.toString()) ? '250-here\r\n250 AUTH PLAIN LOGIN\r\n' : '502 no\r\n');
      });
    });
    const url = `smtp://millrace:right%20%26word@localhost:${port}`;
    await expect(smtp(url).send(message)).rejects.toMatchObject({ kind: expect.any(String) });
    expect(heard.join('')).not.toMatch(/AUTH/);
  });

  it.each<[string, SMTPServerOptions, string, string, string]>([
    ['a wrong password', {}, 'x:wrong@', 'permanent', 'mail-login-refused'],
    [
      'an unknown recipient',
      { onRcptTo: (_to, _session, done) => done(refusal(550, '5.1.1 <alice@example.com> unknown')) },
      '',
      'permanent',
      'mail-refused',
    ],
    [
      'a full letter box',
      { onRcptTo: (_to, _session, done) => done(refusal(452, '4.2.2 alice@example.com is full')) },
      '',
      'transient',
      'mail-deferred',
    ],
    [
      'a refusal of what was sent',
      {
        onData: (stream, _session, done) =>
          void stream.resume().on('end', () => done(refusal(554, '5.7.1 spam'))),
      },
      '',
      'permanent',
      'mail-refused',
    ],
    [
      'a certificate that nobody signed',
      { key: undefined, cert: undefined } as never,
      '',
      'transient',
      'mail-unreachable',
    ],
  ])('classes %s, and names no address', async (_, options, login, kind, code) => {
    const { port, received } = await peer(options);
    const thrown: unknown = await smtp(`smtp://${login}localhost:${port}`)
      .send(message)
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ kind, code });
    expect(JSON.stringify(thrown) + String(thrown) + String((thrown as Error).cause)).not.toContain('alice');
    expect(received).toEqual([]);
  });

  it('comes again where nobody listens, and where the server goes away', async () => {
    const nobody = await wire(() => undefined);
    for (const close of closing.splice(0)) await close();
    const cut = await wire((socket) => {
      socket.write('220 here\r\n');
      socket.once('data', () => socket.destroy());
    });
    for (const port of [nobody, cut])
      await expect(smtp(`smtp://127.0.0.1:${port}`).send(message)).rejects.toMatchObject({
        kind: 'transient',
        code: 'mail-unreachable',
      });
  });

  it('waits for no server that says nothing, or that talks without end', async () => {
    const silent = await wire(() => undefined);
    await expect(smtp(`smtp://127.0.0.1:${silent}`, 300).send(message)).rejects.toMatchObject({
      kind: 'transient',
      code: 'mail-time-limit',
    });
    const endless = await wire((socket) => {
      const talk = (): void => {
        if (!socket.destroyed) socket.write(`220-${'x'.repeat(60_000)}\r\n`, talk);
      };
      talk();
    });
    await expect(smtp(`smtp://127.0.0.1:${endless}`, 5_000).send(message)).rejects.toMatchObject({
      kind: 'transient',
    });
  });

  it('ends at once when it is cancelled', async () => {
    const silent = await wire(() => undefined);
    const cancel = new AbortController();
    const sending = smtp(`smtp://127.0.0.1:${silent}`).send({ ...message, signal: cancel.signal });
    sending.catch(() => undefined);
    setTimeout(() => cancel.abort(new Error('cancelled')), 100);
    await expect(sending).rejects.toThrow('cancelled');
  });
});

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

describe('what is refused before anybody is spoken to', () => {
  it.each<[string, Partial<Message>]>([
    ['two recipients', { to: 'a@b.org, c@d.org' }],
    ['a recipient with a line break', { to: 'a@b.org\r\nBcc: c@d.org' }],
    ['a recipient with a name', { to: 'A <a@b.org>' }],
    ['no recipient', { to: '' }],
    ['a group', { to: 'all:a@b.org;' }],
    ['a subject of two lines', { subject: 'a\r\nBcc: c@d.org' }],
    ['a subject with a line separator', { subject: 'a\u2028b' }],
    ['a subject with a NUL', { subject: 'a\0b' }],
    ['no subject', { subject: ' ' }],
    ['a long subject', { subject: 'a'.repeat(201) }],
    ['a long text', { text: 'a'.repeat(100_001) }],
    ['a long page', { html: 'a'.repeat(300_001) }],
    ['a lone surrogate', { text: 'a\ud800b' }],
    ['a header with a line break', { headers: { 'X-A': 'a\r\nBcc: c@d.org' } }],
    ['a header that is ours', { headers: { bcc: 'c@d.org' } }],
    ['a header whose name is two', { headers: { 'X-A: b\r\nBcc': 'c@d.org' } }],
    ['many headers', { headers: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`X-${n}`, 'a'])) }],
  ])('%s', async (_, wrong) => {
    const { port, received } = await peer();
    const sending = smtp(`smtp://localhost:${port}`).send({ ...message, ...wrong });
    await expect(sending).rejects.toMatchObject({ kind: 'permanent', code: 'mail-invalid' });
    expect(received).toEqual([]);
  });
});

describe('mail in a folder', () => {
  it('is a file for each mail that only its owner reads, however often it is tried', async () => {
    const kept = join(folder, 'kept');
    const mail = createFolderMail({ folder: kept, from });
    const { path = '' } = await mail.send(message);
    await mail.send(message);
    expect(await readdir(kept)).toHaveLength(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('To: alice@example.com');
  });
});

describe('letters', () => {
  const letters = createLetters({
    templates: {
      hello: async ({ user }) =>
        user === 'gone'
          ? undefined
          : {
              to: 'a@b.org',
              subject: 'Hello',
              lines: ['Hello <script>alert("x")</script> & \'all\','],
              action: { label: 'Go', url: 'https://example.org/#a"b' },
              footer: ['Small.'],
            },
    },
  });

  it('show as text whatever people call themselves', async () => {
    const letter = await letters.write({ template: 'hello', user: 'u', reference: 'r' });
    expect(letter?.text).toContain('Hello <script>alert("x")</script> & \'all\',');
    expect(letter?.text).toContain('Go:\nhttps://example.org/#a"b');
    expect(letter?.html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;all&#39;');
    expect(letter?.html).toContain('href="https://example.org/#a&quot;b"');
    expect(letter?.html).not.toContain('<script');
  });

  it('are not written to nobody, nor from no template', async () => {
    expect(await letters.write({ template: 'hello', user: 'gone', reference: 'r' })).toBeUndefined();
    await expect(letters.write({ template: 'toString', user: 'u', reference: 'r' })).rejects.toMatchObject({
      code: 'mail-template-unknown',
    });
  });
});
