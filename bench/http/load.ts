import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsSince } from '../benchmark.ts';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As many requests as there are, by so many clients that each wait for their answer; a second, by the clock. */
export async function sendAll(requests: readonly Sent[], clients: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const left = requests.values();
  const started = performance.now();
  try {
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (const each of left) await answerOf(each, agent);
      }),
    );
    return requests.length / secondsSince(started);
  } finally {
    agent.destroy();
  }
}

/**
 * Sends them at a steady rate, whether those before were answered or not. Answers the milliseconds of each, from when it
 * was due, so that one that waited to be sent counts as one that waited.
 */
export async function sendSteadily(requests: readonly Sent[], perSecond: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true });
  const took: Promise<number>[] = [];
  const started = performance.now();
  try {
    for (const [index, each] of requests.entries()) {
      const due = started + (index * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 1) await sleep(early);
      took.push(answerOf(each, agent).then(() => performance.now() - due));
    }
    return await Promise.all(took);
  } finally {
    agent.destroy();
  }
}

/** @throws Error for any answer that is none of success */
function answerOf({ url, ...sent }: Sent, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...sent, agent }, (answer) => {
      answer.on('error', reject).on('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${sent.method} ${url} was answered ${answer.statusCode}.`));
      });
      answer.resume();
    });
    asked.on('error', reject).end();
  });
}
