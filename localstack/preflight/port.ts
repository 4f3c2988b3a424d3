import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from './check.ts';
import { findPortHolder } from './port-holder.ts';

const TRIES = 20;
const TRY_MS = 100;

export const portCheck: Check = async ({ config }) => {
  const { port, host } = config;
  if (port === 0) return { ok: true, note: '' };
  let code = await tryToListen({ port, host });
  // Nobody's: the system has not yet taken it from a process that was just ended, whose threads end one by one.
  for (let tries = 0; code === 'EADDRINUSE' && tries < TRIES; tries += 1) {
    if ((await findPortHolder(port)) !== undefined) break;
    await sleep(TRY_MS);
    code = await tryToListen({ port, host });
  }
  switch (code) {
    case undefined:
      return { ok: true, note: `port ${port} free` };
    case 'EADDRINUSE': {
      const holder = await findPortHolder(port);
      return {
        ok: false,
        problem: `Port ${port} is taken${holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`}.`,
        remedy: `Stop that program, or choose another port: PORT=${port === 65_535 ? 8081 : port + 1} npm start`,
      };
    }
    case 'EACCES':
      return {
        ok: false,
        problem: `This user may not listen on port ${port}.`,
        remedy: 'Choose a port from 1024 on: PORT=8080 npm start',
      };
    default:
      return {
        ok: false,
        problem: `Nothing can listen on ${host}, port ${port} (${code}).`,
        remedy:
          'Set HOST to an address of this machine: 127.0.0.1 for itself only, 0.0.0.0 for every network.',
      };
  }
};

async function tryToListen(address: { port: number; host: string }): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ ...address, exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  } finally {
    server.close();
  }
}
