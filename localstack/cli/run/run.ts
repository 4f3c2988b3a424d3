import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callerFolder, loadConfig } from '#shared/config';
import { nearestWord, Permanent } from '#shared/errors';
import { portSettings } from '#shared/ports';
import { storeSettings } from '#shared/storage';
import { readTopology, type Topology, type TopologyFunction } from '#shared/topology';
import { listenForInterrupt } from '../interrupt.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import { chooseEvents } from './choose-events.ts';
import type { FunctionResult, GivenEvent } from './messages.ts';
import { exampleEvents, readEvents } from './read-events.ts';
import { superviseFunction } from './supervise-function.ts';

/** The options of `millrace run` as typed. */
export interface RunWords {
  readonly event?: readonly string[];
  readonly example?: boolean;
  readonly key?: string;
  readonly title: string;
  readonly out?: string;
}

/**
 * `millrace run`: runs one function alone, on events from files, with its real ports and its real time limit. What
 * it would publish goes to stdout as JSON, everything else to stderr.
 */
export async function run(request: { terminal: Terminal; name: string; words: RunWords }): Promise<void> {
  const { terminal, name, words } = request;
  const config = loadConfig();
  const topology = readTopology({ path: join(projectFolder, 'events.yaml') });
  const fn = findFunction(topology, name);
  const here = callerFolder({ projectFolder });
  const given = await eventsOf(fn, words, here);
  const { events, key, ignored } = chooseEvents({ fn, given, key: words.key });
  if (ignored.length > 0)
    terminal.complain(`Left out, because ${fn.name} does not wake on it: ${ignored.join(', ')}.`);
  const interrupt = listenForInterrupt({ terminal, message: 'Cancelling.' });
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-run-'));
  try {
    const result = await superviseFunction({
      terminal,
      signal: interrupt.signal,
      task: {
        ...{ fn, events, key, scratch, title: words.title },
        timeoutMs: topology.profiles[fn.profile]?.timeoutMs ?? 30_000,
        artifacts: storeSettings(config).artifacts,
        out: words.out === undefined ? undefined : resolve(here, words.out),
        ports: portSettings(config),
      },
    });
    terminal.say(JSON.stringify(result.events, undefined, 2));
    for (const line of notesOn(result, words.out)) terminal.complain(line);
  } finally {
    interrupt.dispose();
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function findFunction({ functions }: Topology, name: string): TopologyFunction {
  const found = functions.find((fn) => fn.name === name || `${fn.area}/${fn.name}` === name);
  const names = functions.map((fn) => fn.name);
  if (found === undefined) {
    const near = nearestWord(name.split('/').at(-1) ?? name, names);
    const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean "${near}"?`;
    throw new Permanent('function-unknown', `There is no function "${name}"; ${hint}`);
  }
  if (found.triggers.length > 0) return found;
  throw new Permanent(
    'function-no-events',
    `${found.name} answers a command within a request and writes to the database as it does; ask it through the HTTP interface of a platform: npm start`,
  );
}

async function eventsOf(fn: TopologyFunction, words: RunWords, here: string): Promise<readonly GivenEvent[]> {
  const { event: paths = [], example = false } = words;
  if (example && paths.length > 0) {
    throw new Permanent('events-twice', 'Give events with --event or take the --example, not both.');
  }
  if (example) return exampleEvents(fn);
  if (paths.length > 0)
    return (await Promise.all(paths.map((path) => readEvents(resolve(here, path))))).flat();
  throw new Permanent(
    'events-missing',
    `Say what ${fn.name} shall work on: --event file.json, or --example for the event catalogue's own.`,
  );
}

function notesOn(result: FunctionResult, out: string | undefined): readonly string[] {
  const { files, reply, hasWrite } = result;
  const list = files.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(', ');
  const notes: string[] = [];
  if (files.length > 0 && out !== undefined) notes.push(`In ${out}: ${list}`);
  if (files.length > 0 && out === undefined)
    notes.push(`Made and not kept: ${list}. Keep it with --out <folder>.`);
  if (reply !== undefined) notes.push(`Reply: ${JSON.stringify(reply)}`);
  if (hasWrite) notes.push('It also writes to the database as it commits; run alone, that was left out.');
  return notes;
}
