import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { nodeHandler } from './node-handler.ts';
import { createReceiver } from './receiver.ts';
import { WAKE_UP } from './wake-up.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('answers work that takes longer than a socket may be idle', async () => {
  const receiver = createReceiver({
    host: { take: () => sleep(1_000, 'done' as const) },
    metrics: { contentType: 'text/plain', text: async () => '' },
    health: async () => undefined,
  });
  server = createServer(nodeHandler(receiver)).setTimeout(200);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      ...{ 'ce-specversion': '1.0', 'ce-id': '0198c0de-0000-8000-a000-000000000000.1' },
      ...{ 'ce-source': 'urn:millrace', 'ce-type': WAKE_UP, 'ce-function': 'render-tts' },
    },
  });
  expect(answer.status).toBe(202);
});
