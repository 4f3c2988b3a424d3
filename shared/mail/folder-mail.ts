import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { compose } from './compose.ts';
import type { Mail, Sender } from './port.ts';

/** More are not kept: the oldest go. */
const MOST_FILES = 1_000;

/** Keeps mails as files (`.eml`) in a folder, where no mail server is configured. Only their owner can read them. */
export function createFolderMail({ folder, from }: { folder: string; from: Sender }): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(message) {
      const composed = compose(message, from);
      const { message: bytes } = await transport.sendMail(composed);
      message.signal.throwIfAborted();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // A second try replaces the first.
      const path = join(folder, `${composed.messageId.slice(1, 41)}.eml`);
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await writeFile(temporary, bytes as Buffer, { mode: 0o600, flag: 'wx' });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await thinOut(folder);
      return { messageId: composed.messageId, path };
    },
  };
}

async function thinOut(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
  if (names.length <= MOST_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return { name, writtenAt: found?.mtimeMs ?? 0 };
    }),
  );
  files.sort((a, b) => a.writtenAt - b.writtenAt);
  for (const { name } of files.slice(0, files.length - MOST_FILES))
    await rm(join(folder, name), { force: true });
}
