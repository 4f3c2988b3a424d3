import { Permanent } from '#shared/errors';
import { stepsFor, type Timeline, type TimelineStep } from '#shared/ledger';
import type { Terminal } from '../terminal.ts';
import { withOperations } from './with-operations.ts';
import { attemptsText, bytesText, clockText, secondsText } from './words.ts';

/** `millrace why`: everything of a run, or of a delivery and what led to it, in the order in which it came about. */
export async function why(request: { terminal: Terminal; id: string; json: boolean }): Promise<void> {
  const { terminal, id, json } = request;
  await withOperations(async (operations, { isRunning }) => {
    const timeline = await operations.timelineOf(id);
    if (timeline === undefined) {
      throw new Permanent(
        'run-unknown',
        `There is no run and no delivery "${id}"; ids are given by: npx millrace deliveries`,
      );
    }
    const steps = stepsFor(timeline, id);
    if (json)
      terminal.say(
        JSON.stringify(
          { ...timeline, steps: steps.map((step) => ({ ...step, mend: mendOf(step, isRunning) })) },
          undefined,
          2,
        ),
      );
    else for (const line of timelineLines({ ...timeline, steps }, isRunning)) terminal.say(line);
  });
}

/** The command that would mend it, or nothing where it goes on by itself. */
export function mendOf(step: TimelineStep, isRunning: boolean): string | undefined {
  if (step.state === 'dead') return `npx millrace retry ${step.id}`;
  if (step.paused !== undefined) return `npx millrace resume ${step.paused.name}`;
  const isOpen = ['due', 'later', 'leased'].includes(step.state);
  return isOpen && !isRunning ? 'npm start' : undefined;
}

export function timelineLines(timeline: Timeline, isRunning: boolean): readonly string[] {
  const { run, steps, waiting, forkedFrom, replayedFrom } = timeline;
  const age =
    run.settledAt === undefined
      ? ''
      : ` after ${secondsText(run.settledAt.getTime() - run.createdAt.getTime())}`;
  const producer = new Map(timeline.steps.map((step) => [step.id, step.function]));
  return [
    `Run ${run.id}: "${run.title}" (${run.flow}, of ${run.owner})`,
    `${run.state}${age}, begun ${clockText(run.createdAt)}`,
    ...(forkedFrom === undefined
      ? []
      : [`a replay of ${forkedFrom} from ${replayedFrom ?? 'its beginning'}`]),
    '',
    ...steps.flatMap((step) => stepLines(step, producer, isRunning)),
    ...waiting.map(
      ({ function: name, missing }) =>
        `${name} waits for ${missing.join(', ') || 'events that have not come'}`,
    ),
    ...(run.state === 'running'
      ? []
      : ['', `Again from a step: npx millrace replay ${run.id} --from <step> --dry-run`]),
  ];
}

function stepLines(
  step: TimelineStep,
  producer: ReadonlyMap<string, string>,
  isRunning: boolean,
): readonly string[] {
  const name = [step.function, step.key].filter(Boolean).join(' ');
  const woken = [
    ...new Set(
      step.inputs.map(({ type, cause }) => {
        const from = cause === undefined ? 'outside' : producer.get(cause);
        return from === undefined ? type : `${type} (from ${from})`;
      }),
    ),
  ];
  const emitted = step.emitted.map(({ type, count }) => (count === 1 ? type : `${count} × ${type}`));
  const usage = Object.entries(step.usage).filter(([what]) => !['wallMs', 'bytesOut'].includes(what));
  const mend = mendOf(step, isRunning);
  return [
    `${clockText(step.createdAt)}  ${name}: ${stateText(step)}`,
    `    ${step.id}`,
    `    woken by ${woken.join(', ') || 'nothing that is kept'}`,
    ...step.attemptLog.map(
      ({ outcome, error, endedAt, workedMs }) =>
        `    ${clockText(endedAt)}  ${outcome}${workedMs === undefined ? '' : ` after ${secondsText(workedMs)}`}: ${error?.message ?? 'its process died'}${error === undefined ? '' : ` (${error.code})`}`,
    ),
    ...(emitted.length === 0 ? [] : [`    emitted ${emitted.join(', ')}`]),
    ...(step.bytes === 0 ? [] : [`    stored ${bytesText(step.bytes)}`]),
    ...(usage.length === 0
      ? []
      : [`    used ${usage.map(([what, amount]) => `${what} ${amount}`).join(', ')}`]),
    ...(mend === undefined ? [] : [`    → ${mend}`]),
  ];
}

function stateText(step: TimelineStep): string {
  const { state, queuedMs, workedMs = 0, attempts, paused, postponed = 0, dueAt, pid, message } = step;
  const waited = `waited ${secondsText(queuedMs)}`;
  const tried = attemptsText(step);
  const after = tried === undefined ? '' : `, after ${tried}`;
  switch (state) {
    case 'done':
      return `done, ${waited}, worked ${secondsText(workedMs)}${after}`;
    case 'leased':
      return `working for ${secondsText(workedMs)}${pid === undefined ? '' : ` in process ${pid}`}, ${Math.round(step.progress * 100)} %${message === undefined ? '' : ` (${message})`}${after}`;
    case 'dead':
      return `dead after ${tried ?? 'no attempt'}`;
    case 'cancelled':
      return 'cancelled with its run';
    case 'due':
    case 'later': {
      if (paused !== undefined)
        return `${waited}, behind the brake on ${paused.name} (${paused.by}: ${paused.reason})${after}`;
      if (state === 'due') return `due, ${waited}: its turn has not come${after}`;
      const why =
        postponed > 0 && attempts === 0 ? "a provider's limit put it off" : 'its last attempt failed';
      return `tried again${dueAt === undefined ? '' : ` at ${clockText(dueAt)}`}, by itself: ${why}${after}`;
    }
  }
}
