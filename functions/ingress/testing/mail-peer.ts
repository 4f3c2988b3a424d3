import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { accountLetters } from '#shared/accounts';
import type { Ports } from '#shared/function';
import { createLetters, createSmtpMail } from '#shared/mail';
import { notificationLetters, notificationLinks } from '#shared/notifications';
import type { FrontDoor } from './front-door.ts';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
  /** Its bodies, without quoted-printable. */
  readonly decoded: string;
}

/** A mail server that keeps what it takes, and the ports that send to it. */
export interface MailPeer {
  readonly received: ReceivedMail[];
  readonly ports: Pick<Ports, 'mail' | 'letters'>;
  close(): Promise<void>;
}

export async function openMailPeer(door: FrontDoor): Promise<MailPeer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const [first] = session.envelope.rcptTo;
        received.push(read(Buffer.concat(pieces).toString('latin1'), first?.address ?? ''));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const { pool } = door.fixture;
  const base = { pool, publicUrl: door.url.replace(/\/$/, '') };
  const links = notificationLinks({ ...base, appUrl: door.options.appUrl });
  return {
    received,
    ports: {
      mail: createSmtpMail({
        url: `smtp://127.0.0.1:${port}?tls=off`,
        from: { name: 'Millrace', address: 'millrace@example.org' },
      }),
      letters: createLetters({
        templates: { ...accountLetters(base), ...notificationLetters({ ...base, links }) },
      }),
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

function read(raw: string, to: string): ReceivedMail {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  return {
    ...{ to, headers, raw },
    subject: decodedWords(headers.get('subject') ?? ''),
    decoded: decodedQuotes(raw.slice(end).replace(/=\r\n/g, '')),
  };
}

/** RFC 2047, as far as a subject in UTF-8 needs it. */
function decodedWords(text: string): string {
  return text
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?(q|b)\?([^?]*)\?=/gi, (_whole, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : decodedQuotes(word.replaceAll('_', ' ')),
    );
}

function decodedQuotes(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
