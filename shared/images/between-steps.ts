import { setImmediate as turn } from 'node:timers/promises';
import { Cancelled } from '#shared/errors';

function refuse(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new Cancelled(
      'picture-cancelled',
      'The picture was no longer wanted; it was given up while being drawn.',
    );
  }
}

/** Lets other work have the thread and gives up if nobody waits for the picture any more. @throws Cancelled */
export async function betweenSteps(signal: AbortSignal): Promise<void> {
  refuse(signal);
  await turn();
  refuse(signal);
}

/** Waits for work on another thread, but no longer than `signal` allows. @throws Cancelled */
export async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  refuse(signal);
  let stop = (): void => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => resolve('aborted');
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const first = await Promise.race([work.then((result) => ({ result })), aborted]);
    if (first === 'aborted') {
      work.catch(() => undefined);
      refuse(signal);
      throw new Cancelled('picture-cancelled', 'The picture was no longer wanted.');
    }
    return first.result;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
