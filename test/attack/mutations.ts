import { numbersFrom } from '../seed.ts';

/** Copies of a file with bytes changed, cut out, doubled or set to extremes; the same ones for the same seed. */
export function* mutated(
  original: Buffer,
  { seed, count }: { seed: string; count: number },
): Generator<{ readonly name: string; readonly bytes: Buffer }> {
  for (let index = 0; index < count; index += 1) {
    const name = `${seed} ${index}`;
    const numbers = numbersFrom(name);
    const below = (limit: number): number => numbers.next().value % limit;
    let bytes = Buffer.from(original);
    for (let left = 1 + below(12); left > 0 && bytes.length > 16; left -= 1) {
      // Headers decide most.
      const at = below(below(3) > 0 ? Math.min(200, bytes.length) : bytes.length);
      switch (below(5)) {
        case 0:
          bytes[at] = below(256);
          break;
        case 1:
          bytes.fill(below(2) === 0 ? 0xff : 0x00, at, Math.min(at + 4, bytes.length));
          break;
        case 2:
          bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(64))]);
          break;
        case 3:
          bytes = Buffer.concat([bytes.subarray(0, at + 1 + below(64)), bytes.subarray(at)]);
          break;
        default:
          bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      }
    }
    yield { name, bytes };
  }
}
