import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { callerFolder, loadConfig } from '#shared/config';
import { Cancelled } from '#shared/errors';
import { listenForInterrupt } from '../interrupt.ts';
import type { DemoWords } from '../program.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import { createPipelineApi, type PipelineApi } from './api.ts';
import { createBoard } from './board.ts';
import { checkOutFolder } from './check-out-folder.ts';
import { followPipeline } from './follow.ts';
import { sayLeftWork, sayOtherWork } from './other-work.ts';
import type { PipelineView } from './pipeline-view.ts';
import { type ReachedPlatform, reachPlatform } from './reach-platform.ts';
import { reportFailure, reportSuccess } from './report.ts';
import { readRequest } from './request-body.ts';
import { toRows } from './rows.ts';

/** How often the bars move when nothing is reported, in milliseconds. */
const TICK_MS = 250;

/** `millrace demo`: one video over the HTTP interface, watched to its end. Sets the exit code. */
export async function demo({ terminal, words }: { terminal: Terminal; words: DemoWords }): Promise<void> {
  const before = performance.now();
  const config = loadConfig();
  const folder = callerFolder({ projectFolder });
  const { body, about } = await readRequest({ words, callerFolder: folder });
  const out = words.out === undefined ? undefined : resolve(folder, words.out);
  if (out !== undefined) await checkOutFolder(out);
  const interrupt = listenForInterrupt({
    terminal,
    message: 'Cancelling the video. Ctrl-C again stops at once.',
  });
  const { signal } = interrupt;
  let platform: ReachedPlatform | undefined;
  const reach = async (): Promise<PipelineApi> => {
    if (platform === undefined || !platform.isOwn)
      platform = await reachPlatform({ config, terminal, signal, known: platform?.url });
    return createPipelineApi(platform);
  };
  try {
    const api = await reach();
    const others = await api.unfinished();
    sayOtherWork({ terminal, others, isOwn: platform?.isOwn === true });
    const id = await api.create({ body, key: randomUUID() });
    terminal.say(`Making a video of ${about}, pipeline ${id}.`);
    terminal.say();
    const view = await watch({ id, terminal, signal, reach, failed: () => platform?.failed });
    if (view.status === 'completed') {
      const seconds = (performance.now() - before) / 1000;
      const url = platform?.url ?? '';
      const last = await reach();
      // The video is there: what cannot be read any more must not turn it into a failure.
      const metadata = await last.metadata(view).catch(() => undefined);
      await reportSuccess({ terminal, view, metadata, dataDir: config.dataDir, url, out, seconds });
      const left = await last.unfinished().catch(() => []);
      if (platform?.isOwn === true) sayLeftWork({ terminal, others: left });
    } else if (view.status === 'cancelled') {
      throw new Cancelled('pipeline-cancelled', 'The pipeline was cancelled.');
    } else {
      const { dataDir, port } = config;
      const url = platform?.isOwn === false ? platform.url : undefined;
      reportFailure({ terminal, view, dataDir, url, port });
      process.exitCode = 1;
    }
  } catch (error) {
    if (signal.aborted) throw new Cancelled('interrupted', 'Cancelled.');
    throw error;
  } finally {
    await platform?.close();
    interrupt.dispose();
  }
}

async function watch(request: {
  id: string;
  terminal: Terminal;
  signal: AbortSignal;
  reach: () => Promise<PipelineApi>;
  failed: () => Promise<never> | undefined;
}): Promise<PipelineView> {
  const { id, terminal, signal, reach, failed } = request;
  const board = createBoard(terminal);
  let latest: PipelineView | undefined;
  const draw = () => {
    if (latest !== undefined) board.show(toRows({ view: latest, now: new Date() }));
  };
  const timer = setInterval(draw, TICK_MS);
  let api: PipelineApi | undefined;
  const reachAgain = async () => {
    api = await reach();
    return api;
  };
  const show = (view: PipelineView) => {
    latest = view;
    draw();
  };
  try {
    const following = followPipeline({ id, signal, reach: reachAgain, show });
    const ends = [following, failed()].filter((end) => end !== undefined);
    return await Promise.race(ends);
  } catch (error) {
    // Should the platform be gone as well, the pipeline goes on at the next start.
    if (signal.aborted) await api?.cancel(id).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
    draw();
    board.close();
  }
}
