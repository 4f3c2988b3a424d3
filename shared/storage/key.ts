import { Permanent } from '#shared/errors';

/** Where the filesystem driver keeps what is not whole yet; no key may begin with it, whatever the driver. */
export const incoming = '.incoming';

/**
 * Refuses keys that any driver could misread: what one store folds (`..`), another escapes and a third takes
 * literally must never name an object.
 *
 * @throws Permanent `key-invalid`, naming the rule
 */
export function checkKey(key: string): void {
  const broken = brokenRule(key);
  if (broken !== undefined) throw invalid(key, broken);
}

/** Like {@link checkKey} for the beginning of a key: it may be empty or end anywhere. */
export function checkPrefix(prefix: string): void {
  const open = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (prefix === '') return;
  // Any completion shows whether the prefix can begin a valid key.
  const broken = brokenRule(prefix === open ? `${prefix}x` : completed(prefix));
  if (broken !== undefined) throw invalid(prefix, broken);
}

/** Like {@link checkPrefix}, for what is to be removed: an empty prefix would be the whole bucket. */
export function checkWholePrefix(prefix: string): void {
  if (prefix === '') throw invalid(prefix, 'it is empty, and would mean every object');
  checkPrefix(prefix);
}

/** Whether a name that somebody put into a bucket can be a key of ours. */
export function isKey(name: string): boolean {
  return brokenRule(name) === undefined;
}

function completed(prefix: string): string {
  return /(^|\/)\.{1,2}$/.test(prefix) ? `${prefix}x` : prefix;
}

function brokenRule(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (!key.isWellFormed()) return 'it is no valid Unicode (a lone surrogate)';
  const bytes = Buffer.byteLength(key);
  if (bytes > 1_024) return `it has ${bytes} bytes of UTF-8, and 1024 is the most`;
  // Control characters of ASCII and Latin-1, DEL among them.
  if (/\p{Cc}/u.test(key)) return 'it holds a control character';
  if (key.includes('\\')) return 'it holds a backslash';
  const segments = key.split('/');
  if (segments[0] === '') return 'it begins with a slash';
  if (segments[0] === incoming) return `it begins with ${incoming}, which the store keeps for itself`;
  for (const segment of segments) {
    if (segment === '') return 'it holds an empty segment (two slashes, or one at the end)';
    if (segment === '.' || segment === '..') return `it holds the segment "${segment}"`;
    const length = Buffer.byteLength(segment);
    if (length > 255) return `one of its segments has ${length} bytes of UTF-8, and 255 is the most`;
  }
  return undefined;
}

function invalid(key: string, rule: string): Permanent {
  const shown = key
    .toWellFormed()
    .slice(0, 80)
    .replace(/\p{Cc}/gu, '\u{fffd}');
  return new Permanent('key-invalid', `The object key "${shown}" is refused: ${rule}.`, { field: 'key' });
}
