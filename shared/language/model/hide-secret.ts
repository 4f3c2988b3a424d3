/** A text without a secret, in whichever way a peer may have written it down. */
export function hideSecret(text: string, secret: string): string {
  if (secret === '') return text;
  const quoted = JSON.stringify(secret).slice(1, -1);
  const ways = [secret, quoted, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  return ways.reduce((left, way) => left.replaceAll(way, '…'), text);
}

/**
 * An error for the log: its name and words. What a client library adds to it (the request with the maker's text, the
 * peer's whole answer, its headers) stays out, and so does the key, which some peers repeat.
 */
export function spokenError(error: unknown, secret: string): Error {
  const spoken = new Error(wordsOf(error, secret));
  if (error instanceof Error && /^\w{1,60}$/.test(error.name)) spoken.name = error.name;
  // The stack would be ours, not that of the failed call.
  spoken.stack = `${spoken.name}: ${spoken.message}`;
  return spoken;
}

/** At most 200 characters; cut after the secret is hidden, or half of it would be left. */
export function wordsOf(error: unknown, secret: string): string {
  return hideSecret(error instanceof Error ? error.message : String(error), secret).slice(0, 200);
}
