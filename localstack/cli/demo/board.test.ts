import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { createBoard } from './board.ts';
import type { Row } from './rows.ts';

function terminalTo(lines: string[], isInteractive: boolean, columns = 100): Terminal {
  const output = Object.assign(new PassThrough(), { columns, rows: 24, isTTY: isInteractive });
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

  it.each([
    [40, 'generate-image    50 %  drawing 章鱼有…', 'mux-video          0 %  waits for its …'],
    [
      60,
      'generate-image   ██████░░░░░░  50 %  drawing 章鱼有三颗心',
      'mux-video        ░░░░░░░░░░░░   0 %  waits for its input',
    ],
    [
      80,
      'generate-image   ███████████░░░░░░░░░░░░  50 %    2.0 s  drawing 章鱼有三颗心',
      'waits for its input',
    ],
  ])('keeps one line a step in %i columns, however often it is drawn', async (columns, image, mux) => {
    const chunks: string[] = [];
    const board = createBoard(terminalTo(chunks, true, columns));
    const many = ['keyword-fetch', 'prepare-assembly', 'render-tts'].map((name) =>
      row({ name, parts: 600, done: 123, status: 'waiting', seconds: 3_599.9 }),
    );
    for (const progress of [0.1, 0.3, 0.5]) {
      board.show([
        ...many,
        row({ name: 'generate-image', parts: 1, progress, message: 'drawing 章鱼有三颗心' }),
        row({ name: 'mux-video', status: 'queued', progress: 0, parts: 1, seconds: undefined }),
      ]);
    }
    board.close();
    const screen = await screenOf(chunks.join(''), columns);
    expect(screen).toHaveLength(5);
    expect(screen.map((line) => line.split(' ')[0])).toEqual([
      ...many.map(({ name }) => name),
      'generate-image',
      'mux-video',
    ]);
    expect(screen[3]).toBe(image);
    expect(screen[4]).toContain(mux);
  });
});

/** What a real terminal of this width shows. */
async function screenOf(written: string, columns: number): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 24, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? '',
  );
  terminal.dispose();
  return lines.filter((line) => line !== '');
}
