import { spawn } from 'node:child_process';
import { Permanent, Transient } from '#shared/errors';

/** Runs git in one checkout. @throws Permanent `git-failed`, Transient `git-timeout` */
export type Git = (...words: readonly string[]) => Promise<string>;

const LIMIT_MS = 120_000;
const LIMIT_BYTES = 2 ** 27;

/** @param folder of the checkout; absolute */
export function createGit(folder: string): Git {
  return (...words) =>
    new Promise((resolve, reject) => {
      // Its words are read: no translation, no question to a terminal, no pager.
      const child = spawn('git', ['--no-pager', '-c', 'core.quotePath=false', ...words], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LIMIT_MS,
        killSignal: 'SIGKILL',
      });
      const out: Buffer[] = [];
      let bytes = 0;
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > LIMIT_BYTES) child.kill('SIGKILL');
        else out.push(chunk);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
      });
      child.on('error', (cause) =>
        reject(new Permanent('git-missing', `git does not start: ${cause.message}; install git.`, { cause })),
      );
      child.on('close', (code, signal) => {
        if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
        else if (bytes > LIMIT_BYTES)
          reject(new Permanent('git-failed', `git ${words[0]} said more than ${LIMIT_BYTES} bytes.`));
        else if (signal !== null)
          reject(new Transient('git-timeout', `git ${words.join(' ')} took more than ${LIMIT_MS / 1000} s.`));
        else reject(new Permanent('git-failed', `git ${words.join(' ')} failed: ${said.trim()}`));
      });
    });
}

/** The lines of an answer, without empty ones. */
export const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
