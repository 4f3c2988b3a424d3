/**
 * JSON that `jsonb` takes. Postgres stores neither NUL nor half a surrogate pair, and both come in from outside (a
 * title, what a program wrote to its error stream); each reads as U+FFFD afterwards.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (!text.includes('\\')) return text;
  // Escapes are taken whole, so that an escaped backslash before `u0000` stays what it is.
  return text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (sequence) =>
    sequence === '\\u0000' || /^\\ud[89a-f]/.test(sequence) ? '\\ufffd' : sequence,
  );
}

/** As {@link jsonText}, for a column of type `text`. */
export function plainText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}
