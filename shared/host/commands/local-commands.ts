import { setTimeout as pause } from 'node:timers/promises';
import { Cancelled, Conflict, MillraceError, Permanent, Transient } from '#shared/errors';
import type { Clock, CommandDefinition, Emit, Ports, Random } from '#shared/function';
import { type SecretKeeper, secretKeeper } from '#shared/function';
import { fieldErrors, HttpProblem } from '#shared/http';
import {
  type CommandIds,
  type CommandLedger,
  commandIds,
  type KeptAnswer,
  type NewEvent,
} from '#shared/ledger';
import { type Log, logFor, type Tracing } from '#shared/telemetry';
import type { TopologyFunction } from '#shared/topology';
import { publicationOf } from '../outcome.ts';
import { failureAnswer, isDomainRefusal, keptAnswer, replyAnswer } from './answer.ts';
import type { CommandAnswer, CommandRequest, Commands } from './commands.ts';
import { requestHash } from './request-hash.ts';

/** How long a second request waits for the first one with its key. */
const WAIT_MS = 2_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

export interface HostedCommand {
  readonly definition: CommandDefinition;
  readonly topology: TopologyFunction;
  /** Limit of `handle`. */
  readonly timeoutMs: number;
}

interface Hosted extends HostedCommand {
  readonly dataSecrets: SecretKeeper;
  readonly replySecrets: SecretKeeper;
}

/** Answers commands in this process: the port of the embedded ingress, and what a host's `POST /command` calls. */
export function createLocalCommands(options: {
  commands: readonly HostedCommand[];
  ledger: CommandLedger;
  /** Those that the commands need. */
  ports: Partial<Ports>;
  clock: Clock;
  random: Random;
  log: Log;
  tracing: Tracing;
}): Commands {
  const { ledger, clock, random, tracing } = options;
  const ports = offered(options.ports, options.commands);
  const hosted = new Map(
    options.commands.map((command): [string, Hosted] => {
      const { data, reply, type } = command.definition.command;
      return [type, { ...command, dataSecrets: secretKeeper(data), replySecrets: secretKeeper(reply) }];
    }),
  );
  /** Commands with a key that are being answered here. */
  const underWay = new Map<string, Promise<unknown>>();

  async function send(request: CommandRequest): Promise<CommandAnswer> {
    const span = tracing.start(`command ${request.type.slice(0, 100)}`, {
      kind: 'server',
      parent: request.traceparent,
    });
    const log = logFor(options.log, { trace: span.traceId });
    let answer: CommandAnswer;
    try {
      const command = hosted.get(request.type);
      if (command === undefined) throw unknownCommand(request.type);
      answer = await answerOf(command, request, { log, traceparent: span.traceparent }).catch(
        (error: unknown) => {
          log.warn({ command: request.type, error: speakable(error, command) }, 'command failed');
          return failureAnswer(error);
        },
      );
    } catch (error) {
      answer = failureAnswer(error);
    }
    log.info({ command: request.type, status: answer.status }, 'command answered');
    span.end({ attributes: { 'http.response.status_code': answer.status } });
    return answer;
  }

  async function answerOf(
    command: Hosted,
    request: CommandRequest,
    around: { log: Log; traceparent: string },
  ): Promise<CommandAnswer> {
    const { definition } = command;
    const key = checkedKey(request.idempotencyKey);
    const data = checkedData(definition, request.data);
    const ids = commandIds({ principal: request.principal.sub, operation: request.type, key });
    if (key === undefined)
      return carryOut(command, { ...request, data }, { ids, hash: undefined, ...around });

    const earlier = underWay.get(ids.event);
    if (earlier !== undefined && !(await endsWithin(earlier, WAIT_MS))) throw stillUnderWay();
    const { hasSecrets } = command.dataSecrets;
    const answering = (async () => {
      const hash = await requestHash({ data, hasSecrets, event: ids.event });
      const kept = await ledger.kept(ids.event);
      if (kept !== undefined) return sameRequest(kept, hash);
      return carryOut(command, { ...request, data }, { ids, hash, ...around });
    })();
    underWay.set(ids.event, answering);
    try {
      return await answering;
    } finally {
      if (underWay.get(ids.event) === answering) underWay.delete(ids.event);
    }
  }

  async function carryOut(
    command: Hosted,
    request: CommandRequest,
    given: { ids: CommandIds; hash: string | undefined; log: Log; traceparent: string },
  ): Promise<CommandAnswer> {
    const { definition, topology, timeoutMs, dataSecrets, replySecrets } = command;
    const { ids, hash } = given;
    const started = performance.now();
    const checked = (emits: readonly Emit[] | undefined): readonly NewEvent[] =>
      publicationOf({ emits: emits ?? [] }, topology, undefined).events;
    const signal = limited(timeoutMs, request.signal);
    try {
      const made = await withinSignal(
        signal,
        definition.handle(
          {
            run: { id: ids.run, owner: request.principal.account },
            delivery: { id: ids.delivery },
            principal: request.principal,
            data: request.data,
          },
          { ...ports, signal, log: given.log, clock, random },
        ),
      );
      const write = made.write;
      const result = await ledger.commit({
        ids,
        type: request.type,
        function: definition.name,
        lane: topology.profile,
        owner: request.principal.account,
        data: dataSecrets.strip(request.data),
        requestHash: hash,
        traceparent: given.traceparent,
        wallMs: performance.now() - started,
        events: checked(made.emits),
        reply: made.reply,
        write:
          write === undefined
            ? undefined
            : async (tx) => {
                const written = await write(tx);
                return { ...written, events: checked(written.events) };
              },
        storable: (reply) => replySecrets.strip(definition.command.reply.parse(reply)),
      });
      return result.kind === 'kept' ? sameRequest(result.answer, hash) : replyAnswer(result.reply);
    } catch (error) {
      if (hash === undefined || !isDomainRefusal(error)) throw error;
      const refusal = failureAnswer(error);
      const answer = { status: refusal.status, body: refusal.body, requestHash: hash };
      const standing = await ledger.refuse({ event: ids.event, answer });
      return standing === answer ? refusal : sameRequest(standing, hash);
    }
  }

  return { send };
}

/** @throws Permanent `port-missing` at the start, not with the first command */
function offered(ports: Partial<Ports>, commands: readonly HostedCommand[]): Ports {
  for (const { definition } of commands)
    for (const name of definition.needs)
      if (ports[name] === undefined)
        throw new Permanent(
          'port-missing',
          `${definition.name} needs "${name}", which this process does not offer.`,
        );
  return ports as Ports;
}

function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || KEY.test(key)) return key;
  throw new Permanent('idempotency-key-invalid', 'An Idempotency-Key has 1 to 200 characters of ASCII.', {
    field: 'Idempotency-Key',
  });
}

function checkedData({ command }: CommandDefinition, data: unknown): unknown {
  const parsed = command.data.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new HttpProblem({
    status: 400,
    code: 'command-invalid',
    detail: `This is not a valid "${command.type}".`,
    errors: fieldErrors({ issues: parsed.error.issues }),
  });
}

function sameRequest(kept: KeptAnswer, hash: string | undefined): CommandAnswer {
  if (kept.requestHash === hash) return keptAnswer(kept);
  throw new Conflict(
    'idempotency-key-reused',
    'This Idempotency-Key came before with another request; use a new key.',
    { field: 'Idempotency-Key' },
  );
}

function stillUnderWay(): Conflict {
  return new Conflict(
    'command-under-way',
    'A request with this Idempotency-Key is still being answered; send it again in 2 s.',
    { retryAfterMs: WAIT_MS },
  );
}

function unknownCommand(type: string): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'command-unknown',
    detail: `There is no command "${type.slice(0, 100)}" here.`,
  });
}

async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  const ended = await Promise.race([
    work.then(
      () => true,
      () => true,
    ),
    pause(ms, false, { signal: waiting.signal }).catch(() => false),
  ]);
  waiting.abort();
  return ended;
}

function limited(timeoutMs: number, caller: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(timeoutMs);
  return caller === undefined ? limit : AbortSignal.any([limit, caller]);
}

/** A handler that ignores its signal must not keep its caller waiting. */
async function withinSignal<Made>(signal: AbortSignal, work: Promise<Made>): Promise<Made> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () =>
      reject(
        (signal.reason as Error | undefined)?.name === 'TimeoutError'
          ? new Transient('time-limit', 'The command took longer than its limit.')
          : new Cancelled('cancelled', 'The caller went away.'),
      );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What may be logged: the words of an unforeseen error (a driver's, a schema's) may quote a secret. */
function speakable(error: unknown, command: Hosted): object {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  const isSafe =
    error instanceof MillraceError || !(command.dataSecrets.hasSecrets || command.replySecrets.hasSecrets);
  return isSafe ? { name, code, message } : { name, code };
}
