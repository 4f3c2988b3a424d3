const UNITS: readonly (readonly [string, number])[] = [
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
];

/** Bytes as a quantity of Kubernetes, in the largest unit that leaves a whole number: `4Gi`, `1536Mi`. */
export function quantity(bytes: number): string {
  const [unit, size] = UNITS.find(([, one]) => bytes % one === 0) ?? ['', 1];
  return `${bytes / size}${unit}`;
}

/** Whole seconds, rounded up. */
export function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

/** As ISO 8601 says durations, which is what Eventing wants: `PT30S`. */
export function isoSeconds(ms: number): string {
  return `PT${seconds(ms)}S`;
}
