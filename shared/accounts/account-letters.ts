import type { Pool } from '#shared/database';
import type { LetterTemplate } from '#shared/mail';
import { createAccounts } from './accounts.ts';
import { openResetLetter, sealLetter } from './letters.ts';

/** The mails that an account's owner gets about it. @param options `publicUrl`: what links begin with */
export function accountLetters({
  pool,
  publicUrl,
}: {
  pool: Pool;
  publicUrl: string;
}): Readonly<Record<string, LetterTemplate>> {
  const accounts = createAccounts({ pool });
  // Behind "#" it is sent to no server and stands in no log.
  const link = (page: string, token: string): string => `${publicUrl}/${page}#${token}`;
  return {
    async 'verify-email'({ user, reference }) {
      const letter = await sealLetter(pool, { letter: reference, account: user, kind: 'verify-email' });
      if (letter === undefined) return undefined;
      return {
        to: letter.email,
        subject: 'Confirm your e-mail address',
        lines: [
          `Hello ${calledSafely(letter)},`,
          'please confirm that this address is yours. The link is good once, for three days.',
        ],
        action: { label: 'Confirm this address', url: link('verify-email', letter.token) },
        footer: ['You did not ask for this? Then do nothing: without the link nothing happens.'],
      };
    },
    async 'reset-password'({ user, reference }) {
      await openResetLetter(pool, { letter: reference, account: user });
      const letter = await sealLetter(pool, { letter: reference, account: user, kind: 'reset-password' });
      if (letter === undefined) return undefined;
      return {
        to: letter.email,
        subject: 'Choose a new password',
        lines: [
          `Hello ${letter.name},`,
          'somebody, you we hope, asked for a new password for your account. The link is good once, for an hour.',
        ],
        action: { label: 'Choose a new password', url: link('reset-password', letter.token) },
        footer: ['You did not ask for this? Then do nothing: your password stays as it is.'],
      };
    },
    async 'email-changed'({ user, reference }) {
      const letter = await sealLetter(pool, { letter: reference, account: user, kind: 'email-changed' });
      if (letter === undefined) return undefined;
      return {
        to: letter.email,
        subject: 'Your account has another e-mail address now',
        lines: [
          `Hello ${letter.name},`,
          'your account was moved to another e-mail address. Nothing more is sent to this one.',
          'If that was not you, somebody knows your password: write to whoever runs this service.',
        ],
      };
    },
    async 'password-changed'({ user }) {
      const account = await accounts.find(user);
      if (account === undefined) return undefined;
      return {
        to: account.email,
        subject: 'Your password was changed',
        lines: [
          `Hello ${account.name},`,
          'the password of your account was changed, and other devices were signed out.',
          'If that was not you, ask for a new password at once, and look at where you are signed in.',
        ],
      };
    },
  };
}

/**
 * Who registers chooses the name and whom the mail goes to: what mail programs make a link of is not said to strangers.
 */
function calledSafely({ name, handle }: { name: string; handle: string }): string {
  return /[:/@\\]|[.。．｡](?=[\p{L}\p{N}])/u.test(name) ? handle : name;
}
