import type { ChildProcess } from 'node:child_process';
import type { Log } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { forkLane } from './fork-lane.ts';
import { forwardLines } from './forward-log.ts';
import type { FromLane, LaneSettings, ToLane } from './lane-settings.ts';
import { readProcessTable } from './process-table.ts';

const MEMORY_LOOK_MS = 1_000;
/** The wait before a lane that died in its first moments is started again. */
const RESTART_MS = 1_000;
const STOP_MS = 8_000;

/** The worker processes: one for each lane, started with its first work, again when it dies, ended when idle. */
export interface Lanes {
  /** Sees to it that the lane's process runs. */
  ensure(lane: string): void;
  isRunning(lane: string): boolean;
  /** Drains the lane's process, if one runs, and starts it anew with the code as it is now; its work goes on in the new one. */
  restart(lane: string): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  host: string | undefined;
  isDraining: boolean;
  readonly ended: Promise<void>;
}

export function startLanes(options: {
  topology: Topology;
  settings: (lane: string) => LaneSettings;
  /** Told at once when a worker died, with the host id of its lease. */
  onDeath: (host: string) => void;
  /** Removes what a worker that has ended, however it ended, left on the disk. */
  tidy: (host: string) => Promise<void>;
  /** A process that was forked for the first lane, if it is there yet. */
  spare?: () => ChildProcess | undefined;
  log: Log;
}): Lanes {
  const { topology, settings, onDeath, tidy, spare, log } = options;
  const running = new Map<string, Running>();
  const resting = new Set<string>();
  let isStopping = false;

  function ensure(lane: string): void {
    if (isStopping || running.has(lane) || resting.has(lane) || topology.profiles[lane] === undefined) return;
    const child = spare?.() ?? forkLane();
    const startedAt = performance.now();
    const entry: Running = {
      child,
      host: undefined,
      isDraining: false,
      ended: new Promise<void>((resolve) => child.once('exit', () => resolve())).then(() =>
        entry.host === undefined ? undefined : tidy(entry.host),
      ),
    };
    running.set(lane, entry);
    for (const output of [child.stdout, child.stderr]) if (output !== null) forwardLines(output, log);
    child.on('message', (message: FromLane) => heard(lane, entry, message));
    child.on('error', (error) => log.error({ error, lane }, 'a lane could not be told something'));
    child.once('exit', (code, signal) => {
      running.delete(lane);
      if (isStopping) return;
      if (entry.host !== undefined) onDeath(entry.host);
      if (entry.isDraining) return;
      log.warn({ lane, code, signal }, 'a lane died; its work is taken up again');
      resting.add(lane);
      const wait = performance.now() - startedAt < 5_000 ? RESTART_MS : 0;
      setTimeout(() => {
        resting.delete(lane);
        ensure(lane);
      }, wait);
    });
    send(entry, { kind: 'settings', settings: settings(lane) });
  }

  function heard(lane: string, entry: Running, message: FromLane): void {
    if (message.kind === 'ready') {
      entry.host = message.host;
      log.info({ lane, pid: entry.child.pid, port: message.port }, 'lane ready');
    } else if (!entry.isDraining) {
      entry.isDraining = true;
      send(entry, { kind: 'drain' });
    }
  }

  function send(entry: Running, message: ToLane): void {
    if (entry.child.connected) entry.child.send(message);
  }

  async function enforceMemory(): Promise<void> {
    if (running.size === 0) return;
    const table = await readProcessTable();
    for (const [lane, { child }] of running) {
      const limit = topology.profiles[lane]?.memoryBytes ?? Number.POSITIVE_INFINITY;
      if (child.pid === undefined) continue;
      const used = table.treeBytes(child.pid);
      if (used <= limit) continue;
      log.error(
        { lane, used, limit },
        'a lane passed its memory limit and was ended; its work runs again, alone',
      );
      // The programs that it started first: who has passed the limit must not outlive it.
      for (const pid of table.tree(child.pid).toReversed()) endProcess(pid);
    }
  }
  const memory = setInterval(() => void enforceMemory(), MEMORY_LOOK_MS);

  /** What does not drain in time is ended: its work is due again all the same. */
  async function drain(entries: readonly Running[]): Promise<void> {
    for (const entry of entries) {
      entry.isDraining = true;
      send(entry, { kind: 'drain' });
    }
    const force = setTimeout(() => {
      const late = entries.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      for (const { child } of late) {
        log.warn({ pid: child.pid }, 'a lane did not drain in time and was ended; its work is due again');
        child.kill('SIGKILL');
      }
    }, STOP_MS);
    await Promise.all(entries.map(({ ended }) => ended));
    clearTimeout(force);
  }

  return {
    ensure,
    isRunning: (lane) => running.has(lane),
    async restart(lane) {
      const entry = running.get(lane);
      if (entry === undefined) return;
      await drain([entry]);
      ensure(lane);
    },
    async stop() {
      isStopping = true;
      clearInterval(memory);
      await drain([...running.values()]);
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
