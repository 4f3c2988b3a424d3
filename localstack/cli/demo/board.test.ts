import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { createBoard } from './board.ts';
import type { Row } from './rows.ts';

function terminalTo(lines: string[], isInteractive: boolean): Terminal {
  const output = Object.assign(new PassThrough(), { columns: 100, isTTY: isInteractive });
  output.on('data', (chunk) => lines.push(String(chunk)));
  return {
    isInteractive,
    output: output as unknown as NodeJS.WriteStream,
    say: (line = '') => void lines.push(line),
    complain: (line) => void lines.push(line),
    bold: (text) => text,
    dim: (text) => text,
  };
}

const row = (fields: Partial<Row>): Row => ({
  name: 'render-scene',
  status: 'running',
  parts: 3,
  done: 1,
  progress: 0.5,
  seconds: 2,
  message: undefined,
  ...fields,
});

describe('the board', () => {
  it('says each change once where nobody watches', () => {
    const lines: string[] = [];
    const board = createBoard(terminalTo(lines, false));
    board.show([row({}), row({ name: 'mux-video', status: 'queued' })]);
    board.show([row({ progress: 0.6, seconds: 3 })]);
    board.show([row({ done: 3, status: 'completed', seconds: 4.25 })]);
    expect(lines.map((line) => line.trim())).toEqual([
      'render-scene     1 of 3 done',
      'render-scene     done in 4.3 s',
    ]);
  });

  it('draws a bar per step where somebody does', () => {
    const lines: string[] = [];
    const board = createBoard(terminalTo(lines, true));
    board.show([
      row({}),
      row({ name: 'mux-video', status: 'queued', progress: 0, parts: 1, seconds: undefined }),
    ]);
    board.close();
    const drawn = lines.join('');
    expect(drawn).toContain('render-scene     ████████████░░░░░░░░░░░░  50 %    2.0 s  1 of 3 done');
    expect(drawn).toContain('waits for its input');
  });

  it('lets no outside words steer the terminal', () => {
    const lines: string[] = [];
    const board = createBoard(terminalTo(lines, true));
    board.show([row({ parts: 1, message: 'speaking \u001b[2Jhello\u0007' })]);
    board.close();
    expect(lines.join('')).toContain('speaking hello');
    expect(lines.join('')).not.toContain('\u001b[2J');
    expect(lines.join('')).not.toContain('\u0007');
  });
});
