import { z } from '@hono/zod-openapi';

/** What no field of one line may hold: controls, line and paragraph separators, halves of a surrogate pair. */
const HAS_CONTROLS = /[\p{Cc}\u2028\u2029]/u;
const HAS_WORD = /[\p{L}\p{N}]/u;

/** One line of text for people, trimmed, well-formed, without control characters, with at least one letter or digit. */
export function oneLine({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => text.isWellFormed(), { error: 'This is not well-formed Unicode (a lone surrogate).' })
    .refine((text) => !HAS_CONTROLS.test(text), {
      error: 'Control characters and line breaks are not taken here; send one line of text.',
    })
    .refine((text) => HAS_WORD.test(text), { error: 'There must be at least one letter or digit.' });
}

/** 200 KB of UTF-8. */
export const MAX_SCRIPT_BYTES = 200 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;

/** Markdown: any text that holds a word, at most 200 KB, and nothing binary. */
export const markdown = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= MAX_SCRIPT_BYTES, {
    error: `At most ${MAX_SCRIPT_BYTES} bytes of UTF-8; split the text into several videos.`,
    params: { limit: MAX_SCRIPT_BYTES },
    abort: true,
  })
  .refine((text) => text.isWellFormed(), {
    error: 'This is not well-formed Unicode (a lone surrogate).',
    abort: true,
  })
  .superRefine((text, context) => {
    const at = text.search(BINARY);
    if (at === -1) return;
    const code = text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase();
    context.addIssue({
      code: 'custom',
      message: `Binary data is not taken: there is a control character U+${code} at position ${at}.`,
    });
  })
  .refine((text) => HAS_WORD.test(text), { error: 'The script holds no word; write the text to narrate.' });

/** A language tag (BCP 47), answered in its canonical form. */
export const languageTag = z
  .string()
  .min(2)
  .max(35)
  .transform((tag, context) => {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? tag;
    } catch {
      context.addIssue({
        code: 'custom',
        message: 'This is no language tag (BCP 47); write one such as en or en-GB.',
      });
      return z.NEVER;
    }
  });

export const labelKey = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
    'a letter, then up to 62 letters, digits, dots, dashes or underscores',
  );

export const labelValue = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !HAS_CONTROLS.test(text), {
    error: 'Control characters are not taken.',
  });
