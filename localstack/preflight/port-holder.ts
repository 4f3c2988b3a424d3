import { readdir, readFile, readlink } from 'node:fs/promises';

/** proc(5): state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/** The process that listens on a TCP port; undefined where the system does not tell (not Linux, another user's). */
export async function findPortHolder(port: number): Promise<{ pid: number; command: string } | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  for (const pid of await processes()) {
    if (await holdsOne(pid, sockets)) return { pid, command: await commandOf(pid) };
  }
  return undefined;
}

async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const found = new Set<string>();
  for (const line of tables.join('\n').split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTEN && local?.endsWith(`:${wanted}`)) found.add(`socket:[${inode}]`);
  }
  return found;
}

async function processes(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function holdsOne(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = await readdir(folder).catch(() => []);
  for (const name of open) {
    if (sockets.has(await readlink(`${folder}/${name}`).catch(() => ''))) return true;
  }
  return false;
}

async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').join(' ').trim();
  // A command line is another program's text: no control characters into the terminal, and not all of it.
  const plain = words.replace(/\p{Cc}/gu, '');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain || 'unknown';
}
