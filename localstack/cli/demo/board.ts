import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Terminal } from '../terminal.ts';
import type { Row } from './rows.ts';

/** Shows how far each step is. */
export interface Board {
  show(rows: readonly Row[]): void;
  /** Leaves what is shown standing; later lines come below. */
  close(): void;
}

export function createBoard(terminal: Terminal): Board {
  return terminal.isInteractive ? bars(terminal) : lines(terminal);
}

const WIDTH = 24;
const NAME = 16;

const words: Record<Row['status'], string> = {
  queued: 'waits for its input',
  running: '',
  waiting: 'waits for another try',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

function bars(terminal: Terminal): Board {
  const update = createLogUpdate(terminal.output, { showCursor: true });
  return {
    show(rows) {
      const room = Math.max(20, terminal.output.columns ?? 80);
      update(rows.map((row) => clip(barOf(row), room - 1)).join('\n'));
    },
    close: () => update.done(),
  };
}

function barOf(row: Row): string {
  const filled = row.status === 'completed' ? WIDTH : Math.floor(row.progress * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const percent = `${Math.floor(row.progress * 100)} %`.padStart(5);
  const time = (row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`).padStart(8);
  return `${row.name.padEnd(NAME)} ${bar} ${percent} ${time}  ${stateOf(row)}`;
}

function stateOf(row: Row): string {
  const parts = row.parts > 1 ? `${row.done} of ${row.parts} done` : '';
  if (row.status === 'running') return plain(parts || row.message || 'runs');
  return row.status === 'completed' || parts === '' ? words[row.status] : `${words[row.status]}, ${parts}`;
}

/** Lines for files and pipes: one with each change of a step, none twice. */
function lines(terminal: Terminal): Board {
  const said = new Map<string, string>();
  return {
    show(rows) {
      for (const row of rows) {
        if (row.status === 'queued') continue;
        const line = lineOf(row);
        if (said.get(row.name) === line) continue;
        said.set(row.name, line);
        const time =
          row.status === 'completed' && row.seconds !== undefined ? ` in ${row.seconds.toFixed(1)} s` : '';
        terminal.say(`  ${row.name.padEnd(NAME)} ${line}${time}`);
      }
    },
    close: () => undefined,
  };
}

function lineOf(row: Row): string {
  if (row.status !== 'running') return stateOf(row);
  return row.parts > 1 ? `${row.done} of ${row.parts} done` : 'runs';
}

/** A step's words may quote outside text: nothing in them may steer the terminal. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, ' ');
}

function clip(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
