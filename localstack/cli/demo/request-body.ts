import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Permanent } from '#shared/errors';
import type { DemoWords } from '../program.ts';

/** The article that comes along. */
const article = fileURLToPath(new URL('../../../examples/demo-article.md', import.meta.url));

/** As the HTTP interface takes it; bytes. */
const LARGEST_SCRIPT = 200 * 1024;

/** What to post to `/api/pipelines`, and what to call it for people. */
export interface DemoRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly about: string;
}

/**
 * Turns the words of the command line into a request. The HTTP interface checks the values.
 *
 * @throws Permanent `topic-and-script`, `script-missing`, `script-too-large`, `script-not-text`
 */
export async function readRequest({
  words,
  callerFolder,
}: {
  words: DemoWords;
  callerFolder: string;
}): Promise<DemoRequest> {
  const { topic, script, format, size, seconds, voice, title } = words;
  if (topic !== undefined && script !== undefined) {
    throw new Permanent('topic-and-script', 'Give a topic or --script, not both.');
  }
  const wishes = { format, size, seconds, voice, title, labels: { made: 'demo' } };
  const wished = Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
  if (topic !== undefined) return { body: { topic, ...wished }, about: `"${topic}"` };
  const path = script === undefined ? article : resolve(callerFolder, script);
  const about = script === undefined ? 'the article that comes along' : basename(path);
  return { body: { script: await readScript(path), ...wished }, about };
}

async function readScript(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new Permanent(
      'script-missing',
      `There is no file ${path}; --script takes a Markdown or text file.`,
    );
  }
  if (found.size > LARGEST_SCRIPT) {
    throw new Permanent(
      'script-too-large',
      `${path} has ${found.size} bytes; --script takes at most ${LARGEST_SCRIPT}. Give a part of it.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch {
    throw new Permanent('script-not-text', `${path} is not UTF-8 text; save it as Markdown or plain text.`);
  }
}
