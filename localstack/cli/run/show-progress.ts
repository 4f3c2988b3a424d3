import type { Terminal } from '../terminal.ts';

/** Between two lines where nobody watches: enough to see that it goes on. */
const STEP = 0.1;

/** Progress on stderr: a line that changes where somebody watches, else a line for every tenth. */
export function showProgress({ isInteractive, complain }: Terminal): {
  update(fraction: number, message: string | undefined): void;
  end(): void;
} {
  let shown = -1;
  let isOpen = false;
  return {
    update(fraction, message = '') {
      const line = `${String(Math.floor(fraction * 100)).padStart(3)} %  ${message}`.trimEnd();
      if (isInteractive && process.stderr.isTTY) {
        const width = (process.stderr.columns ?? 80) - 1;
        process.stderr.write(`\r\u001b[K${line.slice(0, width)}`);
        isOpen = true;
      } else if (fraction >= shown + STEP || (fraction === 1 && shown < 1)) {
        shown = fraction;
        complain(line);
      }
    },
    end() {
      if (isOpen) process.stderr.write('\n');
    },
  };
}
