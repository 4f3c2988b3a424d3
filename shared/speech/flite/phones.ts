/** One sound of speech. */
export interface Phone {
  /** CMU phone name (`ax`, `sh`); `pau` is a pause. */
  readonly name: string;
  /** Seconds from the start of the utterance. */
  readonly start: number;
  readonly end: number;
}

/** Reads what `-psdur` prints for one utterance: `pau:0.220 hh:0.295 …`. */
export function parseTimedPhones(printed: string): readonly Phone[] {
  let start = 0;
  return printed
    .trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const match = /^([a-z]+):(\d+(?:\.\d+)?)$/.exec(entry);
      if (!match?.[1]) return [];
      const phone = { name: match[1], start, end: Number(match[2]) };
      start = phone.end;
      return [phone];
    });
}

/** Reads what `-ps` prints, one line an utterance, without the pauses. */
export function parsePronunciations(printed: string): readonly (readonly string[])[] {
  return printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/).filter((name) => name !== 'pau'));
}
