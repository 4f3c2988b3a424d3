import type { Cue } from './cue.ts';
import { timestamp } from './timestamp.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A WebVTT file (W3C WebVTT, section 4), cue text escaped. */
export function writeVtt(cues: readonly Cue[]): string {
  const plain = (line: string) =>
    line.replace(/[\r\n]+/g, ' ').replace(/[&<>]/g, (character) => escapes[character] ?? '');
  const blocks = cues.map(
    (cue, index) =>
      `${index + 1}\n${timestamp(cue.startMs, '.')} --> ${timestamp(cue.endMs, '.')}\n${cue.lines.map(plain).join('\n')}\n`,
  );
  return ['WEBVTT\n', ...blocks].join('\n');
}
