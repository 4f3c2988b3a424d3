import type { Terminal } from './terminal.ts';

/** One Ctrl-C reaches us several times (from the terminal, npm, the launcher); within this time they are one. */
const SAME_MS = 700;

const FORCED = 130;

/** Ctrl-C and its like: the first asks, the second forces. */
export interface Interrupt {
  /** Aborts with the first. */
  readonly signal: AbortSignal;
  /** Resolves with the first. */
  readonly requested: Promise<void>;
  dispose(): void;
}

/** `message` is said at the first. */
export function listenForInterrupt({
  terminal,
  message,
}: {
  terminal: Terminal;
  message: string;
}): Interrupt {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      terminal.complain(`\n${message}`);
      controller.abort();
    } else if (now - firstAt > SAME_MS) {
      terminal.complain('Stopped at once; what was under way is taken up at the next start.');
      process.exit(FORCED);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    requested: new Promise((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(), { once: true });
    }),
    dispose() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
