import { Transient } from '#shared/errors';
import { defineFunction } from '#shared/function';

/** A mail server may be away for a while: 30 s, 2, 8 and 32 min. */
const FIRST_WAIT_MS = 30_000;

/**
 * The event names nobody: address and words are looked up when the mail is sent. Sent again after a crash it has the same
 * Message-ID.
 */
export default defineFunction({
  name: 'send-email',
  summary: 'Writes a mail to somebody from its template and sends it.',
  consumes: ['mail.requested'],
  needs: ['letters', 'mail'],
  async handle(input, { letters, mail, signal, log }) {
    const { user, template, reference } = input.one('mail.requested').data;
    const { id, attempt } = input.delivery;
    const letter = await letters.write({ user, template, reference });
    if (letter === undefined) {
      log.info({ template }, 'there is nobody to write to, or nothing to say any more');
      return { reply: { sent: false } };
    }
    try {
      const { messageId, path } = await mail.send({ ...letter, idempotencyKey: id, signal });
      log.info({ template, messageId, ...(path === undefined ? {} : { path }) }, 'mail sent');
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      throw new Transient(error.code, error.message, { retryAfterMs: FIRST_WAIT_MS * 4 ** (attempt - 1) });
    }
    return { reply: { sent: true } };
  },
});
