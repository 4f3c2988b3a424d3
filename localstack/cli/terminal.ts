import { styleText } from 'node:util';

/** Where the command line speaks to people: answers on stdout, complaints on stderr. */
export interface Terminal {
  /** Somebody watches: bars may move, colours may show. */
  readonly isInteractive: boolean;
  readonly output: NodeJS.WriteStream;
  say(line?: string): void;
  complain(line: string): void;
  bold(text: string): string;
  dim(text: string): string;
}

export function createTerminal(): Terminal {
  const { stdout, stderr } = process;
  // A reader that went away (`millrace demo | head`) is no failure of ours.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  return {
    isInteractive: stdout.isTTY === true,
    output: stdout,
    say: (line = '') => void stdout.write(`${line}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    bold: (text) => styleText('bold', text, { stream: stdout }),
    dim: (text) => styleText('dim', text, { stream: stdout }),
  };
}
