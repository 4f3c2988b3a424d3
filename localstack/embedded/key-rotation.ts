import { rotateKeys } from '#shared/auth';
import type { Log } from '#shared/telemetry';

const HOUR_MS = 3_600_000;

/** Rotates the keys of this machine's platform by its clock, at its start and once an hour. */
export function startKeyRotation(options: { folder: string; everyDays: number; log: Log }): {
  stop(): void;
} {
  const { folder, everyDays, log } = options;
  const clock = { now: () => new Date() };
  const rotate = (): void => {
    rotateKeys({ folder, clock, everyDays })
      .then((state) => {
        if (state !== 'unchanged') log.info({ state }, 'the next key of tokens');
      })
      .catch((error: unknown) => log.warn({ error }, 'keys could not be rotated; tried again in an hour'));
  };
  rotate();
  const timer = setInterval(rotate, HOUR_MS);
  return { stop: () => clearInterval(timer) };
}
