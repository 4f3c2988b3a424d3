import { createPeopleErasure } from '#shared/erasure';
import { Transient } from '#shared/errors';
import { dropOwners, type InboxRound, type NotLookedAt, sweepInbox } from '#shared/inbox';
import { createHousekeeping, createLedger, createLedgerRetention, createOperations } from '#shared/ledger';
import { createRetention } from '#shared/retention';
import { type ObjectStore, openStore, storeSettings } from '#shared/storage';
import { openLog } from '../open-log.ts';
import type { Terminal } from '../terminal.ts';
import { type LedgerAccess, withLedger } from './with-operations.ts';
import { secondsText } from './words.ts';

const DAY_MS = 86_400_000;
/** So many keys are named; the JSON names all. */
const NAMED = 20;

type Mode = 'repair' | 'dry-run';

interface Leftovers {
  readonly looked: number;
  readonly leftovers: readonly string[];
  /** What a put that died left half-sent. */
  readonly unfinished: number;
}

interface Due {
  readonly due: number;
  readonly oldestSeconds: number;
  /** Lanes that were told. */
  readonly lanes: readonly string[];
}

/**
 * `millrace sweep`: one round of all that the platform does bit by bit: inbound objects without an event, artifacts that
 * no commit published, due work that nobody was told of. Beside a platform that runs, or without one.
 */
export async function sweep(request: {
  terminal: Terminal;
  words: { dryRun?: boolean; json?: boolean };
}): Promise<void> {
  const { terminal, words } = request;
  const mode: Mode = words.dryRun ? 'dry-run' : 'repair';
  await withLedger(async (access) => {
    const stores = storeSettings(access.config);
    const [artifacts, inbox] = await Promise.all([openStore(stores.artifacts), openStore(stores.inbox)]);
    const found = {
      inbox: await roundOfInbox(access, { artifacts, inbox, mode }),
      artifacts: await roundOfArtifacts(access, { artifacts, mode }),
      deliveries: await dueDeliveries(access, mode),
    };
    if (words.json) {
      terminal.say(JSON.stringify({ mode, ...found }, null, 2));
      throwUnlessWhole(found.inbox.failed);
      return;
    }
    const lines = [
      ...inboxLines(found.inbox, mode),
      ...artifactLines(found.artifacts, mode),
      ...dueLines(found.deliveries, { mode, isRunning: access.isRunning }),
    ];
    for (const line of lines) terminal.say(line);
    if (mode === 'dry-run') terminal.say('Nothing was done yet; without --dry-run it is.');
    throwUnlessWhole(found.inbox.failed);
  });
}

/** @throws Transient `sweep-incomplete`: whoever runs it by the clock hears that it did not see everything */
function throwUnlessWhole(failed: readonly NotLookedAt[]): void {
  const [first] = failed;
  if (first === undefined) return;
  throw new Transient(
    'sweep-incomplete',
    `${count(failed.length, 'object')} of the inbox could not be looked at, the first: ${first.why} Run it again later.`,
  );
}

async function roundOfInbox(
  { config, pool, topology, wake }: LedgerAccess,
  { artifacts, inbox, mode }: { artifacts: ObjectStore; inbox: ObjectStore; mode: Mode },
): Promise<InboxRound> {
  // What it says of each file stands in the answer.
  const log = openLog({ config: { ...config, logLevel: 'error' }, to: 'stderr' });
  try {
    return await sweepInbox({
      ...{ store: inbox, artifacts, topology, pool, mode, log: log.log },
      ledger: createLedger({ pool, source: topology.source, wake }),
      drops: dropOwners(config),
      clock: { now: () => new Date() },
    });
  } finally {
    log.close();
  }
}

async function roundOfArtifacts(
  { config, pool }: LedgerAccess,
  { artifacts, mode }: { artifacts: ObjectStore; mode: Mode },
): Promise<Leftovers> {
  const leftoverMs = config.leftoverDays * DAY_MS;
  const ledger = createLedgerRetention({ pool });
  const retention = createRetention({
    ledger,
    people: createPeopleErasure({ pool }),
    store: artifacts,
    clock: { now: () => new Date() },
  });
  const leftovers: string[] = [];
  let looked = 0;
  for (let after: string | undefined; ; ) {
    const page = await retention.sweep({ leftoverMs, after, mode: mode === 'repair' ? 'remove' : 'dry-run' });
    looked += page.looked;
    leftovers.push(...page.leftovers);
    if (page.next === undefined) break;
    after = page.next;
  }
  const unfinished = await artifacts.removeUnfinished({
    olderThanMs: leftoverMs,
    mode: mode === 'repair' ? 'remove' : 'count',
  });
  return { looked, leftovers, unfinished };
}

/** The ledger knows who is due, not who was told: all are told again, which wakes nothing that is not due. */
async function dueDeliveries({ pool, topology, wake }: LedgerAccess, mode: Mode): Promise<Due> {
  const parts = { pool, source: topology.source, wake };
  const { functions } = await createOperations(parts).figures();
  const waiting = functions.filter(({ due, paused }) => due > paused);
  const due = waiting.reduce((sum, each) => sum + each.due - each.paused, 0);
  const oldestSeconds = Math.max(0, ...waiting.map((each) => each.oldestDueSeconds));
  if (mode === 'dry-run' || due === 0) return { due, oldestSeconds, lanes: [] };
  const lanes = await createHousekeeping(parts).dueLanes();
  wake(lanes);
  return { due, oldestSeconds, lanes };
}

function inboxLines(round: InboxRound, mode: Mode): readonly string[] {
  const { looked, overlooked, failed, expired, unfinished } = round;
  const would = mode === 'dry-run';
  return [
    `Inbox: ${count(looked, 'object')} looked at, ${overlooked.length} without an event.`,
    ...named(
      overlooked.map(({ key, kind, run, code }) => {
        if (kind === 'refused') return `${key}  ${would ? 'would be refused' : 'refused'} (${code})`;
        return kind === 'new' ? `${key}  would start a run` : `${key}  started the run ${run}`;
      }),
    ),
    ...named(failed.map(({ key, code }) => `${key}  could not be looked at (${code})`)),
    ...(expired + unfinished === 0
      ? []
      : [`  ${count(expired + unfinished, 'upload')} that nobody will complete: ${gone(mode)}.`]),
  ];
}

function artifactLines({ looked, leftovers, unfinished }: Leftovers, mode: Mode): readonly string[] {
  return [
    `Artifacts: ${count(looked, 'object')} looked at, ${leftovers.length} that no commit published and none can any more${leftovers.length === 0 ? '' : `: ${gone(mode)}`}.`,
    ...named(leftovers),
    ...(unfinished === 0 ? [] : [`  ${count(unfinished, 'put')} that died half-way: ${gone(mode)}.`]),
  ];
}

function dueLines(
  { due, oldestSeconds, lanes }: Due,
  { mode, isRunning }: { mode: Mode; isRunning: boolean },
): readonly string[] {
  if (due === 0) return ['Deliveries: none is due and waits.'];
  const waits = `Deliveries: ${due} due, the oldest for ${secondsText(oldestSeconds * 1_000)}`;
  if (mode === 'dry-run') return [`${waits}; their lanes would be told.`];
  const told = `${waits}; told again: ${lanes.join(', ') || 'nobody, they were taken meanwhile'}.`;
  return isRunning ? [told] : [told, '  No platform runs on DATA_DIR; where none runs elsewhere: npm start'];
}

function gone(mode: Mode): string {
  return mode === 'dry-run' ? 'would be removed' : 'removed';
}

function named(lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, NAMED).map((line) => `  ${line}`);
  return lines.length > NAMED ? [...shown, `  … and ${lines.length - NAMED} more (--json names all)`] : shown;
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
