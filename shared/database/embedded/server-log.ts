import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** 8 MiB, then the older half of the story moves to `postgres.log.1`. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The file that a server writes its messages to. It outlives us with the server, so it is a file, no pipe. */
export interface ServerLog {
  readonly handle: FileHandle;
  /** What was written since the start, its last 8 KiB. */
  tail(): Promise<string>;
  /** Keeps the file within bounds; call it now and then. */
  bound(): Promise<void>;
  close(): Promise<void>;
}

export async function openServerLog(folder: string): Promise<ServerLog> {
  const path = join(folder, 'postgres.log');
  const handle = await open(path, 'a+', 0o600);
  await bound();
  let from = (await handle.stat()).size;

  /** The server holds the file open for appending: copy, then cut, keeps its handle right. */
  async function bound(): Promise<void> {
    const { size } = await handle.stat();
    if (size <= MAX_BYTES) return;
    const kept = Buffer.alloc(MAX_BYTES / 2);
    const { bytesRead } = await handle.read(kept, 0, kept.length, size - kept.length);
    const older = await open(`${path}.1`, 'w', 0o600);
    await older.writeFile(kept.subarray(0, bytesRead)).finally(() => older.close());
    await handle.truncate(0);
    from = 0;
  }

  return {
    handle,
    bound,
    async tail() {
      const { size } = await handle.stat();
      const start = Math.max(from, size - 8_192);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
      return buffer.toString('utf8', 0, bytesRead);
    },
    close: () => handle.close(),
  };
}
