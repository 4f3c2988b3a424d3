import { createTransport } from 'nodemailer';
import { Permanent, Transient } from '#shared/errors';
import { compose } from './compose.ts';
import type { Mail, Sender } from './port.ts';

/** From the look-up of the server's name to its last word. */
const LIMIT_MS = 30_000;
const SILENCE_MS = 10_000;
/** Of one answer of the server. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Sends mails by SMTP, a connection each.
 *
 * @param options `url`: `smtps://` speaks TLS at once; `smtp://` asks for STARTTLS, which must be there where a password
 *   is sent; `?tls=off` never asks. `ca`: who signs certificates, in place of the system's authorities
 */
export function createSmtpMail(options: { url: string; from: Sender; limitMs?: number; ca?: string }): Mail {
  const { from, limitMs = LIMIT_MS, ca } = options;
  const { protocol, hostname, port, username, password, searchParams } = new URL(options.url);
  const isSecure = protocol === 'smtps:';
  const ignoreTLS = searchParams.get('tls') === 'off';
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  const transport = createTransport({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    ignoreTLS,
    // Who stands between us and the server could leave STARTTLS out, and read the password.
    requireTLS: !isSecure && !ignoreTLS && username !== '',
    ...(username === '' ? {} : { auth }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  return {
    async send(message) {
      const composed = compose(message, from);
      const limit = AbortSignal.timeout(limitMs);
      try {
        await transport.sendMail({ ...composed, signal: AbortSignal.any([message.signal, limit]) });
        return { messageId: composed.messageId };
      } catch (error) {
        message.signal.throwIfAborted();
        if (limit.aborted)
          throw new Transient('mail-time-limit', `The mail server took longer than ${limitMs / 1_000} s.`);
        throw refusalOf(error as SmtpError);
      }
    },
  };
}

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** The server's own words may hold the address: only its numbers are passed on (RFC 3463), and no cause goes to the log. */
function refusalOf({ code = 'unknown', responseCode = 0, response = '' }: SmtpError): Error {
  const [said = String(responseCode)] = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response) ?? [];
  if (responseCode >= 500 && responseCode !== 503) {
    return code === 'EAUTH'
      ? new Permanent(
          'mail-login-refused',
          `The mail server refuses us (${said}); check user and password in SMTP_URL.`,
        )
      : new Permanent('mail-refused', `The mail server refuses this mail (${said}).`);
  }
  if (responseCode >= 400)
    return new Transient('mail-deferred', `The mail server asks us to wait (${said}).`);
  return new Transient(
    'mail-unreachable',
    `The mail server of SMTP_URL cannot be spoken with (${code}); look at its name, port, certificate and network.`,
  );
}
