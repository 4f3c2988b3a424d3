import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import type { DevSettings } from './dev-messages.ts';
import { noteProcess } from './leftover.ts';
import { planRestart, type RestartPlan } from './plan-restart.ts';
import { type PlatformChild, startChild } from './platform-child.ts';
import { tryLoading } from './try-loading.ts';

/** Half-written code replaces nothing that runs. */
async function problemOf(plan: RestartPlan): Promise<string | undefined> {
  switch (plan.kind) {
    case 'broken':
      return plan.problem;
    case 'nothing':
      return undefined;
    case 'lanes':
    case 'platform':
      return tryLoading({ project: projectFolder, files: plan.loads });
  }
}

/** Keeps a platform running whose code changes under it; one change after the other. */
export async function keepRunning(request: {
  terminal: Terminal;
  settings: DevSettings;
  announce: (url: string) => Promise<void>;
}): Promise<{ changed(paths: readonly string[]): void; stop(): Promise<void> }> {
  const { terminal, settings, announce } = request;
  const { dataDir } = settings.config;
  let platform: PlatformChild | undefined;
  let isStopping = false;
  let queue: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const started = performance.now();
    const child = await startChild(settings, (pid) => noteProcess({ dataDir, pid }));
    platform = child;
    await announce(child.url);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    terminal.say(
      `${terminal.bold('The platform')} is ready at ${child.url} (${seconds} s, process ${child.pid})`,
    );
    void child.ended.then(() => {
      if (isStopping || platform !== child) return;
      platform = undefined;
      terminal.complain('The platform has ended; it starts again with the next change of a file.');
    });
  }

  async function replace(): Promise<void> {
    const old = platform;
    platform = undefined;
    await old?.stop();
    await start();
  }

  async function apply(paths: readonly string[]): Promise<void> {
    if (isStopping) return;
    const plan = await planRestart({ project: projectFolder, changed: paths });
    const isDown = platform === undefined;
    if (plan.kind === 'nothing' && !isDown) return;
    terminal.say(`Changed: ${paths.join(', ')}`);
    const problem = await problemOf(plan);
    if (problem !== undefined) {
      terminal.complain(`Nothing was replaced, because it does not load:\n${problem}`);
      return;
    }
    if (plan.kind === 'lanes' && !isDown) {
      terminal.say(`  starts anew: lane ${plan.lanes.join(', ')}`);
      platform?.restart(plan.lanes);
      return;
    }
    terminal.say('  starts anew: the platform and its lanes; the database goes on');
    await replace();
  }

  await start();
  return {
    changed(paths) {
      queue = queue
        .then(() => apply(paths))
        .catch((error: Error) => terminal.complain(`Error: ${error.message}`));
    },
    async stop() {
      isStopping = true;
      await queue;
      await platform?.stop();
    },
  };
}
