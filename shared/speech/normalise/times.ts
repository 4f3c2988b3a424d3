import { cardinalWords } from './number-words.ts';
import type { Reader } from './reader.ts';

/** `14:05` → fourteen oh five; `10:00` → ten o'clock. */
export function timeWords(time: string): string[] | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(time);
  const [hour, minute, second] = [Number(match?.[1]), Number(match?.[2]), match?.[3]];
  if (!match || hour > 24 || minute > 59) return undefined;
  const minutes =
    minute === 0
      ? second === undefined && hour >= 1 && hour <= 12
        ? ["o'clock"]
        : ['hundred']
      : [...(minute < 10 ? ['oh'] : []), ...cardinalWords(String(minute))];
  const seconds =
    second === undefined ? [] : ['and', ...cardinalWords(second), second === '01' ? 'second' : 'seconds'];
  return [...cardinalWords(String(hour)), ...minutes, ...seconds];
}

const halfDay = (letter: string) => [letter.toLowerCase() === 'a' ? 'ay' : 'pee', 'em'];

/** Times of day: `10:30`, `7pm`, `9:05 a.m.`. */
export const readTimes: Reader = ({ core, previous }) => {
  const attached = /^(\d{1,2}(?::\d\d)?)([ap])\.?m$/i.exec(core);
  if (attached?.[1] && attached[2]) {
    const spoken = attached[1].includes(':') ? timeWords(attached[1]) : cardinalWords(attached[1]);
    return spoken && [...spoken.filter((word) => word !== "o'clock"), ...halfDay(attached[2])];
  }
  const separate = /^([ap])\.?m$/i.exec(core)?.[1];
  // "am" alone is a verb.
  if (separate && (/^\d{1,2}(?::\d\d)?$/.test(previous) || core.includes('.'))) return halfDay(separate);
  return timeWords(core);
};
