import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { Permanent } from '#shared/errors';
import { isAddress } from './address.ts';
import type { Message, Sender } from './port.ts';

const MOST = { subject: 200, text: 100_000, html: 300_000, headers: 10 } as const;
/** What the mail itself is made of: not for others to set. */
const OWN =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|auto-submitted|return-path|received|content-.*|dkim-.*|resent-.*)$/i;
const HAS_CONTROLS = /\p{Cc}/u;

/**
 * What nodemailer is given. All of it is checked here, before any line is put together.
 *
 * @throws Permanent `mail-invalid`
 */
export function compose(message: Message, from: Sender): SendMailOptions & { readonly messageId: string } {
  const { to, subject, text, html, headers = {} } = message;
  if (!isAddress(to)) throw invalid('to', 'the recipient is no single e-mail address');
  if (subject.trim() === '' || subject.length > MOST.subject || isNoLine(subject))
    throw invalid('subject', `the subject must be one line of 1 to ${MOST.subject} characters`);
  checkBody('text', text, MOST.text);
  if (html !== undefined) checkBody('html', html, MOST.html);
  checkHeaders(headers);
  return {
    from: { ...from },
    to: { name: '', address: to },
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    // Nobody's holiday notice answers a program (RFC 3834).
    headers: { ...headers, 'Auto-Submitted': 'auto-generated' },
    messageId: messageIdOf(message.idempotencyKey, from),
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The same for each try. */
function messageIdOf(key: string, { address }: Sender): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 40);
  return `<${hash}@${address.slice(address.lastIndexOf('@') + 1)}>`;
}

function checkBody(field: 'text' | 'html', body: string, most: number): void {
  if (body.length > most) throw invalid(field, `the ${field} has more than ${most} characters`);
  if (!body.isWellFormed() || body.includes('\0'))
    throw invalid(field, `the ${field} is no well-formed text`);
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const all = Object.entries(headers);
  if (all.length > MOST.headers) throw invalid('headers', `there are more than ${MOST.headers} headers`);
  for (const [name, value] of all) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) || OWN.test(name))
      throw invalid('headers', `${JSON.stringify(name.slice(0, 60))} is no header that may be set`);
    // A longer line may not be sent (RFC 5322, section 2.1.1).
    if (!/^[\x20-\x7e]{1,900}$/.test(value))
      throw invalid('headers', `the header ${name} must be one line of ASCII`);
  }
}

function isNoLine(text: string): boolean {
  return HAS_CONTROLS.test(text) || /[\p{Zl}\p{Zp}]/u.test(text) || !text.isWellFormed();
}

function invalid(field: string, why: string): Permanent {
  return new Permanent('mail-invalid', `The mail cannot be sent: ${why}.`, { field });
}
