import type { Cue } from './cue.ts';
import { timestamp } from './timestamp.ts';

/** A SubRip file. Players take `<i>` and `{\an8}` for markup, and `-->` for a timing line: none of these survives. */
export function writeSrt(cues: readonly Cue[]): string {
  const plain = (line: string) =>
    line
      .replace(/[\r\n]+/g, ' ')
      .replace(/-->/g, '→')
      .replace(/<(?=[/a-z])/gi, '‹')
      .replace(/\{(?=\\)/g, '(');
  return cues
    .map(
      (cue, index) =>
        `${index + 1}\n${timestamp(cue.startMs, ',')} --> ${timestamp(cue.endMs, ',')}\n${cue.lines.map(plain).join('\n')}\n`,
    )
    .join('\n');
}
