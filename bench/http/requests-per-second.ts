import { serve } from '#shared/http';
import { secondsSince } from '../benchmark.ts';

const WARMING = 200;
const CLIENTS = 16;

/** How many requests a second an application answers on this machine; its clients run in the same process. */
export async function requestsPerSecond(
  application: { fetch(request: Request): Response | Promise<Response> },
  { request, count }: { request: { headers: Record<string, string>; body: string | null }; count: number },
): Promise<number> {
  const server = await serve(application, { port: 0, hostname: '127.0.0.1' });
  const sendOne = async (): Promise<void> => {
    const answer = await fetch(server.url, { method: 'POST', ...request });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`The benchmark was answered ${answer.status}: ${said}`);
  };
  try {
    for (let index = 0; index < WARMING; index += 1) await sendOne();
    let left = count;
    const started = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (left > 0) {
          left -= 1;
          await sendOne();
        }
      }),
    );
    return count / secondsSince(started);
  } finally {
    await server.close({ graceMs: 1_000 });
  }
}
