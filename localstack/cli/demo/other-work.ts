import type { Terminal } from '../terminal.ts';
import type { UnfinishedPipeline } from './api.ts';

/** More are counted, not named. */
const MOST_NAMED = 5;

/** Says what the platform works on besides the new video, before and so that nobody wonders why it waits. */
export function sayOtherWork(request: {
  terminal: Terminal;
  others: readonly UnfinishedPipeline[];
  /** The platform was started by this command: what is unfinished was interrupted. */
  isOwn: boolean;
}): void {
  const { terminal, others, isOwn } = request;
  if (others.length === 0) return;
  const one = others.length === 1;
  const videos = one ? 'a video' : `${others.length} videos`;
  terminal.say(
    isOwn
      ? `This data folder holds ${videos} that ${one ? 'was' : 'were'} interrupted; ${one ? 'it goes' : 'they go'} on first:`
      : `The platform works on ${videos} already; the new one takes its turn behind ${one ? 'it' : 'them'}:`,
  );
  sayTitles(terminal, others);
}

/** Says what this command leaves unfinished when its platform ends with it. */
export function sayLeftWork(request: { terminal: Terminal; others: readonly UnfinishedPipeline[] }): void {
  const { terminal, others } = request;
  if (others.length === 0) return;
  terminal.say();
  terminal.say(`Not finished yet; goes on at the next start (npm start, or another demo):`);
  sayTitles(terminal, others);
}

function sayTitles(terminal: Terminal, others: readonly UnfinishedPipeline[]): void {
  for (const { title, id } of others.slice(0, MOST_NAMED)) terminal.say(`  "${title}", pipeline ${id}`);
  const more = others.length - MOST_NAMED;
  if (more > 0) terminal.say(`  and ${more} more`);
}
