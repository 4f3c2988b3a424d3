import { z } from 'zod';
import { isLocalTime, isZone } from '#shared/calendar';

/** Controls, and what turns the direction of text around. */
const HAS_CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Plain text in any script: one line, or `lines`. */
function plainText({ min, max, lines }: { min: number; max: number; lines: 'one' | 'many' }) {
  return z
    .string()
    .trim()
    .normalize('NFC')
    .min(min)
    .max(max)
    .refine(
      (text) =>
        text.isWellFormed() && !HAS_CONTROLS.test(lines === 'one' ? text : text.replaceAll(/[\n\t]/g, '')),
      { error: 'Control characters and marks of direction are not taken; send plain text.' },
    );
}

export const gatheringTitle = plainText({ min: 1, max: 200, lines: 'one' });
export const gatheringDescription = plainText({ min: 0, max: 5_000, lines: 'many' });
export const gatheringPlace = plainText({ min: 0, max: 200, lines: 'one' });

/** Years that calendars are made for; further ones are a slip of the pen, or meant to hurt. */
const WITHIN = /^(?:19|2[01])/;

/** A time on a wall clock, or a day. */
export const localTime = z
  .string()
  .max(19)
  .refine((text) => isLocalTime(text) && WITHIN.test(text), {
    error: 'Write a local time as 2026-03-29T09:30:00, or a day as 2026-03-29, from 1900 to 2199.',
  });

export const zone = z.string().max(64).refine(isZone, {
  error: 'This is no time zone of the IANA database; write one such as Europe/Paris.',
});

/** How it happens again. */
export const recurrence = z.strictObject({
  rule: z.string().min(1).max(500).optional(),
  dates: z.array(localTime).max(200).default([]),
  except: z.array(localTime).max(200).default([]),
});

export const gatheringVisibility = z.enum(['public', 'followers', 'invited']);
export const gatheringCapacity = z.int().min(1).max(1_000_000);
/** Four weeks at most. */
export const remindMinutes = z.int().min(0).max(40_320);
