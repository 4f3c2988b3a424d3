import { spawn } from 'node:child_process';
import { Permanent } from '#shared/errors';

/** Runs `kubectl` against one cluster. @throws Permanent `kubectl-failed` */
export type Kubectl = (
  words: readonly string[],
  more?: { readonly input?: string; readonly limitMs?: number; readonly signal?: AbortSignal },
) => Promise<string>;

export const LIMIT_MS = 30_000;
const LIMIT_BYTES = 2 ** 24;

/** @param context of the kubeconfig */
export function openKubectl(options: { program: string; context: string; signal: AbortSignal }): Kubectl {
  const { program, context } = options;
  return (words, { input = '', limitMs = LIMIT_MS, signal = options.signal } = {}) =>
    runProgram({ program, words: ['--context', context, ...words], input, limitMs, signal });
}

function runProgram(options: {
  program: string;
  words: readonly string[];
  input: string;
  limitMs: number;
  signal: AbortSignal;
}): Promise<string> {
  const { program, words, input, limitMs, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { timeout: limitMs, killSignal: 'SIGKILL', signal });
    const out: Buffer[] = [];
    let bytes = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMIT_BYTES) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    child.on('error', reject);
    // It may have ended before it read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code, killed) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else if (killed !== null)
        reject(
          new Permanent('kubectl-failed', `kubectl ${words[2]} did not end within ${limitMs / 1000} s.`),
        );
      else reject(new Permanent('kubectl-failed', `kubectl: ${said.trim() || `ended with ${code}`}`));
    });
  });
}
