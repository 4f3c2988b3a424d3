import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';

/** Held by one process; the kernel lets go of it when that process ends, however it ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only platform on a data folder. It listens on a local socket named after the folder
 * and its secret: on Linux an abstract one (no file, nothing stale), elsewhere a file in the temporary folder.
 *
 * @throws Permanent `data-folder-in-use`, with the other process's id
 */
export async function lockFolder(options: { folder: string; secret: string }): Promise<FolderLock> {
  const name = `millrace-${createHash('sha256').update(`${options.folder}\n${options.secret}`).digest('hex').slice(0, 32)}`;
  const abstract = process.platform === 'linux';
  const path = abstract ? `\0${name}` : join(tmpdir(), `${name}.sock`);
  for (let attempt = 0; ; attempt += 1) {
    const server = await listen(path);
    if (server !== undefined) return { release: () => close(server) };
    const holder = await ask(path);
    if (holder === undefined && attempt < 3) {
      if (!abstract) await unlink(path).catch(() => undefined);
      continue;
    }
    throw new Permanent(
      'data-folder-in-use',
      `Another Millrace (process ${holder ?? 'unknown'}) is running on ${options.folder}; stop it, or set DATA_DIR to another folder.`,
    );
  }
}

function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The holder's process id, or undefined where nobody answers any more. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    let answer = '';
    socket.setEncoding('utf8').setTimeout(1_000, () => {
      socket.destroy();
      resolve('unknown');
    });
    socket.on('data', (chunk) => {
      answer = (answer + String(chunk)).slice(0, 20);
    });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(/^\d+$/.test(answer) ? answer : undefined));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
