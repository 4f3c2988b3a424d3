/** `2026-11-21 16:04:31`, in this machine's time. */
export function clockText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function secondsText(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** "2 attempts that failed and 1 whose process died"; undefined where none ended badly. */
export function attemptsText({ attempts, lost }: { attempts: number; lost: number }): string | undefined {
  if (attempts + lost === 0) return undefined;
  const noun = (count: number): string => (count === 1 ? '1 attempt' : `${count} attempts`);
  if (lost === 0) return `${noun(attempts)} that failed`;
  if (attempts === 0) return `${noun(lost)} whose process died`;
  return `${noun(attempts)} that failed and ${lost} whose process died`;
}
