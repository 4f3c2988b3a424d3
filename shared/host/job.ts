import { open } from 'node:fs/promises';
import { MillraceError, Permanent } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import { structured } from './cloud-event.ts';
import type { LaneHost } from './lane-host.ts';
import { MAX_EVENT_BYTES } from './receiver.ts';
import { readWakeUp, WAKE_UP } from './wake-up.ts';

/**
 * Runs a host as a Job: the wake-up stands in a file (`$K_EVENT_PATH/event` of Knative's JobSink). Answers the exit
 * code: 0 once the ledger has the outcome, whatever it is; 1 when it has not, so that the scheduler wakes another Job;
 * 2 when the file holds no wake-up. Jobs have `backoffLimit: 0`: the one retry machine is the ledger's.
 */
export async function runJob(options: {
  path: string;
  host: Pick<LaneHost, 'take'>;
  log: { warn(fields: object, message: string): void };
}): Promise<0 | 1 | 2> {
  const { path, host, log } = options;
  let delivery: string;
  try {
    const event = structured(JSON.parse(await readLimited(path)));
    if (event.type !== WAKE_UP)
      throw new Permanent(
        'not-a-wake-up',
        `A Job works on wake-ups; this is a "${event.type.slice(0, 100)}".`,
      );
    delivery = readWakeUp(event).delivery;
  } catch (error) {
    log.warn({ error: told(error), path }, 'the file of this Job holds no wake-up');
    return 2;
  }
  try {
    await host.take(delivery);
    return 0;
  } catch (error) {
    log.warn({ error: told(error), delivery }, 'the ledger has no outcome of this Job');
    return 1;
  }
}

async function readLimited(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MAX_EVENT_BYTES) throw new Permanent('event-too-large', `The file has ${size} bytes.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function told(error: unknown): object {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  return error instanceof MillraceError || error instanceof HttpProblem
    ? { code, message }
    : { name, code, message };
}
