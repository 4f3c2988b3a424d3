import { Cron } from 'croner';
import { type EventType, eventCatalogue, isEventType } from '#shared/events';
import { checkFlow } from './check-flow.ts';
import { buildClusterProfile, checkClusterProfile } from './cluster-profile.ts';
import type { Profile, Topology, TopologyFunction, Trigger } from './model.ts';
import type { Page } from './page-schema.ts';
import type { Path, Problems } from './problems.ts';
import { durationMs, memoryBytes, rate } from './quantity.ts';
import { checkSessions } from './sessions.ts';

/** A request to a Knative Service ends after ten minutes (`max-revision-timeout-seconds`); a Job may take a day. */
const MAX_TIMEOUT_MS = { service: 10 * 60_000, job: 24 * 3_600_000 } as const;

type PageFunction = Page['functions'][string];

/** Resolves every word of the page; what cannot be resolved is added to `problems`. */
export function buildTopology(page: Page, problems: Problems): Topology {
  const event = eventResolver(problems);
  const all = Object.entries(page.functions).map(([path, spec]) =>
    buildFunction({ path, spec, page, problems, event }),
  );
  const functions = all.filter(({ command }) => command === undefined);
  const commands = all.filter(({ command }) => command !== undefined);
  const flows = Object.fromEntries(
    Object.entries(page.flows).map(([name, flow]) => [
      name,
      {
        title: flow.title,
        starts: [flow.starts].flat().map((type) => event(['flows', name, 'starts'], type)),
        completed: event(['flows', name, 'completed'], flow.completed),
        failed: event(['flows', name, 'failed'], flow.failed),
        functions: flow.functions,
      },
    ]),
  );
  const profiles = Object.fromEntries(
    Object.entries(page.profiles).map(([name, spec]) => [name, buildProfile(spec)]),
  );
  for (const [name, { run, timeoutMs }] of Object.entries(profiles)) {
    if (timeoutMs <= MAX_TIMEOUT_MS[run]) continue;
    problems.add(
      ['profiles', name, 'timeout'],
      `"${page.profiles[name]?.timeout}" is above the maximum of a ${run}, ${MAX_TIMEOUT_MS[run] / 60_000}m`,
    );
  }
  for (const [name, spec] of Object.entries(page.profiles)) checkClusterProfile(name, spec, problems);
  for (const type of Object.keys(page.events)) event(['events', type], type);
  const buckets = Object.fromEntries(
    Object.entries(page.buckets).map(([bucket, templates]) => [
      bucket,
      Object.fromEntries(
        Object.entries(templates).map(([template, type]) => [
          template,
          event(['buckets', bucket, template], type),
        ]),
      ),
    ]),
  );
  const limits = Object.fromEntries(Object.entries(page.limits).map(([name, text]) => [name, rate(text)]));
  checkProviders(page, problems);
  const { source, database } = page;
  const topology: Topology = { source, profiles, flows, functions, commands, buckets, limits, database };
  if (problems.found.length === 0) checkSessions({ topology, page, problems });
  if (problems.found.length === 0) checkFlow({ topology, terminal: Object.keys(page.events), problems });
  return topology;
}

function eventResolver(problems: Problems): (path: Path, name: string) => EventType {
  return (path, name) => {
    if (!isEventType(name)) problems.addUnknown(path, 'the event type', name, Object.keys(eventCatalogue));
    return name as EventType;
  };
}

/** A limit that nobody uses is most likely misspelt; a provider named like a function could not be paused by name. */
function checkProviders(page: Page, problems: Problems): void {
  const used = [...new Set(Object.values(page.functions).flatMap(({ uses }) => uses))];
  for (const name of Object.keys(page.limits)) {
    if (!used.includes(name)) problems.addUnknown(['limits', name], 'the provider', name, used);
  }
  for (const path of Object.keys(page.functions)) {
    const name = path.split('/')[1] ?? '';
    if (used.includes(name)) problems.add(['functions', path], `"${name}" is also the name of a provider`);
  }
}

function buildProfile(spec: Page['profiles'][string]): Profile {
  return {
    run: spec.run,
    cpu: spec.cpu,
    memoryBytes: memoryBytes(spec.memory),
    diskBytes: spec.disk === undefined ? undefined : memoryBytes(spec.disk),
    gpu: spec.gpu,
    timeoutMs: durationMs(spec.timeout),
    attempts: spec.attempts,
    concurrency: spec.concurrency,
    scale: spec.scale,
    turns: spec.turns,
    cluster: buildClusterProfile(spec),
  };
}

function buildFunction(options: {
  path: string;
  spec: PageFunction;
  page: Page;
  problems: Problems;
  event: (path: Path, name: string) => EventType;
}): TopologyFunction {
  const { path, spec, page, problems, event } = options;
  const [area = '', name = ''] = path.split('/');
  const at = ['functions', path];
  if (!Object.hasOwn(page.profiles, spec.profile)) {
    problems.addUnknown([...at, 'profile'], 'the profile', spec.profile, Object.keys(page.profiles));
  }
  const namesake = Object.keys(page.functions).find((other) => other !== path && other.endsWith(`/${name}`));
  if (namesake !== undefined)
    problems.add(at, `the name "${name}" is also that of ${namesake}; leaf names are unique`);
  checkCommand({ path, spec, page, problems });
  return {
    name,
    area,
    profile: spec.profile,
    triggers: spec.triggers.map((trigger, index) =>
      buildTrigger({ trigger, path: [...at, 'triggers', index], problems, event }),
    ),
    command: spec.command,
    uses: spec.uses,
    acts: spec.acts,
    emits: spec.emits.map((type, index) => event([...at, 'emits', index], type)),
    puts: Object.fromEntries(
      Object.entries(spec.puts).map(([file, type]) => [file, event([...at, 'puts', file], type)]),
    ),
    promises: spec.promises,
  };
}

function checkCommand(options: Omit<Parameters<typeof buildFunction>[0], 'event'>): void {
  const { path, spec, page, problems } = options;
  const { command } = spec;
  if (command === undefined) return;
  const at = ['functions', path];
  const other = Object.entries(page.functions).find(([name, fn]) => name < path && fn.command === command);
  if (other !== undefined)
    problems.add([...at, 'command'], `"${command}" is also the command of ${other[0]}`);
  if (isEventType(command))
    problems.add([...at, 'command'], `"${command}" is the name of an event; a command needs its own`);
  if (page.profiles[spec.profile]?.run === 'job')
    problems.add([...at, 'profile'], `"${spec.profile}" runs as a job, and nobody can wait for its answer`);
}

function buildTrigger(options: {
  trigger: PageFunction['triggers'][number];
  path: Path;
  problems: Problems;
  event: (path: Path, name: string) => EventType;
}): Trigger {
  const { trigger, path, problems, event } = options;
  if (typeof trigger === 'string') return { kind: 'event', type: event(path, trigger) };
  if ('schedule' in trigger) {
    try {
      new Cron(trigger.schedule, { paused: true });
    } catch (error) {
      problems.add(
        [...path, 'schedule'],
        `"${trigger.schedule}" is not a cron pattern: ${(error as Error).message}`,
      );
    }
    if (!isZone(trigger.zone)) {
      problems.add([...path, 'zone'], `"${trigger.zone}" is not a time zone; name one like Europe/Berlin`);
    }
    const { schedule: cron, zone, when } = trigger;
    return { kind: 'schedule', cron, zone, ...(when === undefined ? {} : { when }) };
  }
  if ('all' in trigger) {
    const types = trigger.all.map((type, index) => event([...path, 'all', index], type));
    return { kind: 'all', types, each: trigger.each };
  }
  return {
    kind: 'each-of',
    type: event([...path, 'each'], trigger.each),
    of: event([...path, 'of'], trigger.of),
  };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
