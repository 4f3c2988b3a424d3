/** A caption as it stands in a file. Seconds. */
export interface CaptionCue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const LINE = /^(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})/;

/** Reads SubRip and WebVTT: blocks between blank lines, a timing line in each. */
export function readCaptions(text: string): readonly CaptionCue[] {
  return text.split(/\n{2,}/).flatMap((block) => {
    const lines = block.split('\n');
    const at = lines.findIndex((each) => LINE.test(each));
    const found = LINE.exec(lines[at] ?? '');
    if (found === null) return [];
    const [, h1, m1, s1, ms1, h2, m2, s2, ms2] = found;
    return [
      {
        start: seconds(h1, m1, s1, ms1),
        end: seconds(h2, m2, s2, ms2),
        text: lines
          .slice(at + 1)
          .join(' ')
          .trim(),
      },
    ];
  });
}

function seconds(
  ...[hours = '0', minutes = '0', whole = '0', thousandths = '0']: (string | undefined)[]
): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(thousandths) / 1000;
}
