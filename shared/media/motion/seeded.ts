/** Answers numbers from 0 up to 1; the same seed gives the same numbers. */
export type RandomSource = () => number;

/** Seeds with FNV-1a (32 bit), then mulberry32 (Tommy Ettinger, public domain). */
export function seeded(seed: string): RandomSource {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
