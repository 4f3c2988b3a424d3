import { COEFFICIENTS } from './mfcc.ts';

/**
 * Lays one sequence of MFCC rows over another (Sakoe and Chiba 1978).
 * @returns for every row of `reference`, the first row of `heard` that it lies on
 * @throws Error beyond 400 million cells: about three minutes against three minutes
 */
export function warp(reference: Float32Array, heard: Float32Array): Int32Array {
  const rows = reference.length / COEFFICIENTS;
  const columns = heard.length / COEFFICIENTS;
  if (rows * columns > 4e8) throw new Error('too long to align in one piece; cut it at a silence');
  const steps = new Uint8Array(rows * columns);
  let before = new Float32Array(columns).fill(Number.POSITIVE_INFINITY);
  let now = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let distance = 0;
      for (let coefficient = 0; coefficient < COEFFICIENTS; coefficient++) {
        const difference =
          (reference[row * COEFFICIENTS + coefficient] ?? 0) -
          (heard[column * COEFFICIENTS + coefficient] ?? 0);
        distance += difference * difference;
      }
      distance = Math.sqrt(distance);
      const diagonal = row > 0 && column > 0 ? (before[column - 1] ?? 0) : Number.POSITIVE_INFINITY;
      const up = row > 0 ? (before[column] ?? 0) : Number.POSITIVE_INFINITY;
      const left = column > 0 ? (now[column - 1] ?? 0) : Number.POSITIVE_INFINITY;
      const least = row === 0 && column === 0 ? 0 : Math.min(diagonal, up, left);
      steps[row * columns + column] = least === diagonal ? 0 : least === up ? 1 : 2;
      now[column] = least + distance;
    }
    [before, now] = [now, before];
  }
  const first = new Int32Array(rows);
  let [row, column] = [rows - 1, columns - 1];
  while (row >= 0 && column >= 0) {
    first[row] = column;
    if (row === 0 && column === 0) break;
    const step = steps[row * columns + column];
    if (row > 0 && (step === 0 || step === 1 || column === 0)) {
      if (step === 0 && column > 0) column--;
      row--;
    } else column--;
  }
  return first;
}
