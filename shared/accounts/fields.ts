import { z } from 'zod';

/** Addresses of this platform, and names that people take for the platform itself. */
const RESERVED = new Set(
  (
    'about abuse account accounts admin administrator api app assets auth billing docs events feed health help info ' +
    'inbox login logout mail me message messages metrics millrace moderator nobody null official owner posts ' +
    'postmaster privacy public ready register root search security settings signin signup staff status support ' +
    'system team terms undefined user users visitor webmaster www'
  ).split(' '),
);

/**
 * What others call somebody by. Latin letters, digits and `_` alone: so no letter of another script can pass for one of
 * these (UTS 39), and there is one spelling of each. Given in any case, kept in lower case.
 */
export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .min(3)
  .max(30)
  .regex(
    /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/,
    'Take a to z, digits and single underscores between them, with a letter first.',
  )
  .refine((text) => !RESERVED.has(text), { error: 'This handle is reserved; take another.' });

/** An address as it is compared: in lower case. No quotes, no comments, no line breaks, ASCII alone. */
export const emailAddress = z
  .string()
  .trim()
  .max(254)
  .toLowerCase()
  .pipe(z.email({ error: 'This is no e-mail address; write one such as alice@example.org.' }));

/** Controls, and what turns the direction of text around. */
const HAS_CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What somebody is called, in any script. */
export const displayName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(80)
  .refine((text) => text.isWellFormed() && !HAS_CONTROLS.test(text), {
    error: 'Control characters and marks of direction are not taken; send one line of text.',
  })
  .refine((text) => /[\p{L}\p{N}]/u.test(text), { error: 'There must be at least one letter or digit.' });

/** What somebody says of himself: lines of plain text. */
export const aboutText = z
  .string()
  .trim()
  .normalize('NFC')
  .max(500)
  .refine((text) => text.isWellFormed() && !HAS_CONTROLS.test(text.replaceAll('\n', '')), {
    error: 'Control characters and marks of direction are not taken; send plain text.',
  });

/** Length is what counts (NIST SP 800-63B, 3.1.1.2); no kinds of characters are asked for. */
export const newPassword = z
  .string()
  .min(10)
  .max(200)
  .refine((text) => text.isWellFormed(), { error: 'This is not well-formed Unicode (a lone surrogate).' })
  .refine((text) => new Set(text).size >= 4, { error: 'Take at least four different characters.' });
