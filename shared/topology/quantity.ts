const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

export const DURATION = /^(\d+)(ms|s|m|h|d)$/;
/** Kubernetes resource quantity of memory; `4GB` is not one. */
export const MEMORY = /^(\d+)(Ki|Mi|Gi|Ti|k|M|G)?$/;
/** Kubernetes resource quantity of CPU: cores or thousandths. */
export const CPU = /^(\d+(\.\d+)?|\d+m)$/;

/** `30s` to milliseconds. The text must match {@link DURATION}. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  return Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
}

/** `4Gi` to bytes. The text must match {@link MEMORY}. */
export function memoryBytes(text: string): number {
  const match = MEMORY.exec(text);
  return Number(match?.[1]) * (UNIT_BYTES[match?.[2] ?? ''] ?? Number.NaN);
}

/** `2` and `100m` to thousandths of a core. The text must match {@link CPU}. */
export function cpuThousandths(text: string): number {
  return text.endsWith('m') ? Number.parseInt(text, 10) : Number.parseFloat(text) * 1000;
}

/** What somebody who wrote `2 cores`, `500mcpu` or `2000M` most likely meant: `2`, `500m`, `2`. */
export function nearestCpu(text: string): string {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(m?)/.exec(text);
  if (match === null) return '1';
  return `${match[2] === 'm' ? Math.round(Number(match[1])) : match[1]}${match[2]}`;
}

/** What somebody who wrote `4GB` or `512 mb` most likely meant: `4Gi`, `512Mi`. */
export function nearestMemory(text: string): string {
  const match = /^\s*(\d+)(?:\.\d+)?\s*([kmgt])/i.exec(text);
  return match === null ? '256Mi' : `${match[1]}${match[2]?.toUpperCase()}i`;
}

/** What somebody who wrote `5 minutes` or `1.5h` most likely meant: `5m`, `1h`. */
export function nearestDuration(text: string): string {
  const match = /^\s*(\d+)(?:\.\d+)?\s*(ms|milli|s|m|h|d)/i.exec(text);
  const unit = match?.[2]?.toLowerCase();
  return match === null ? '30s' : `${match[1]}${unit === 'milli' ? 'ms' : unit}`;
}

/** Calls in a time, such as `60/min`. */
export const RATE = /^([1-9]\d{0,8})\/(s|min|h|d)$/;
const RATE_MS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `60/min` as calls and milliseconds. The text must match {@link RATE}. */
export function rate(text: string): { calls: number; perMs: number } {
  const match = RATE.exec(text);
  return { calls: Number(match?.[1]), perMs: RATE_MS[match?.[2] ?? ''] ?? Number.NaN };
}

/** What somebody who wrote `60 per minute` or `60/m` most likely meant: `60/min`. */
export function nearestRate(text: string): string {
  const match = /^\s*(\d+)\D*?(s|m|h|d)/i.exec(text.replace(/per|a\b/i, '/'));
  const unit = match?.[2]?.toLowerCase();
  return match === null ? '60/min' : `${match[1]}/${unit === 'm' ? 'min' : unit}`;
}
