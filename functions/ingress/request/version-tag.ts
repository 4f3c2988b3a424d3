import { z } from '@hono/zod-openapi';

/** `If-Match` of a change, as the document describes it; {@link versionsIn} reads it. */
export const ifMatch = z
  .string()
  .max(4_096)
  .optional()
  .openapi({ description: 'The ETag that it must have; any where left out.', example: '"v1"' });

/** The strong entity tag of a version. */
export function tagOf(version: number): string {
  return `"v${version}"`;
}

/**
 * The versions that `If-Match` names (RFC 9110, section 13.1.1); undefined where it names none or any. Tags that are
 * none of ours, and weak ones, match nothing.
 */
export function versionsIn(header: string | undefined): readonly number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  return header
    .split(',', 20)
    .flatMap((entry) => /^"v(\d{1,9})"$/.exec(entry.trim())?.[1] ?? [])
    .map(Number);
}
