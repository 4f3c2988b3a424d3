import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
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
      // The last column stays free: a terminal may wrap after it.
      const room = Math.max(20, terminal.output.columns ?? 80) - 1;
      update(rows.map((row) => clip(barOf(row, room), room)).join('\n'));
    },
    close: () => update.done(),
  };
}

/** Widths in columns: the longest state, and what a bar needs to say anything. */
const STATE = 22;
const LEAST_BAR = 6;
const MOST_BAR = 24;

/** One step on one line: a narrow terminal gets a shorter bar, then no time, then no bar. */
function barOf(row: Row, room: number): string {
  const name = row.name.padEnd(NAME);
  const percent = `${Math.floor(row.progress * 100)} %`.padStart(5);
  const time = (row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`).padStart(9);
  const state = stateOf(row);
  const wide = room - [NAME, percent.length, time.length, STATE, 4].reduce((sum, width) => sum + width);
  if (wide >= LEAST_BAR) return `${name} ${drawBar(row, wide)} ${percent}${time}  ${state}`;
  const narrow = wide + time.length;
  if (narrow >= LEAST_BAR) return `${name} ${drawBar(row, narrow)} ${percent}  ${state}`;
  return `${name} ${percent}  ${state}`;
}

function drawBar({ status, progress }: Row, room: number): string {
  const width = Math.min(MOST_BAR, room);
  const filled = status === 'completed' ? width : Math.floor(progress * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
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

/** Cuts by columns, not by characters: a Chinese character takes two. */
function clip(text: string, room: number): string {
  if (stringWidth(text) <= room) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= room) return `${kept}…`;
    kept += segment;
  }
  return kept;
}
