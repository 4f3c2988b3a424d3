import { parse } from 'yaml';
import { z } from 'zod';

/** Of each image, what was pushed: `render-tts: 0.1.0@sha256:…`. The generator reads it. */
export const DIGESTS_PAGE = 'digests.yaml';

/** `version@digest` by function. */
export type Digests = Readonly<Record<string, string>>;

const page = z.record(z.string(), z.string());

export const readDigests = (text: string): Digests => page.parse(parse(text) ?? {});

/** The text with another line for a function, or without one; in the order of the alphabet. */
export function withDigest(text: string, name: string, entry: string | undefined): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(`${name}:`));
  if (entry === undefined) return joined(lines);
  const next = lines.findIndex((line) => /^[a-z]/.test(line) && line.slice(0, line.indexOf(':')) > name);
  return joined(lines.toSpliced(next < 0 ? lines.length : next, 0, `${name}: ${entry}`));
}

const joined = (lines: readonly string[]) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

/** @param entry `0.1.0@sha256:…` */
export const digestOf = (entry: string): string => entry.slice(entry.indexOf('@') + 1);
