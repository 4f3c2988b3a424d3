import type { z } from 'zod';
import type { Transaction } from '#shared/ledger';
import type { Clock, Emit, FunctionLog, Random } from './contract.ts';
import type { Ports } from './ports.ts';

/** Who gives a command, from a verified token. */
export interface CommandPrincipal {
  readonly sub: string;
  /** Owner of all that the command makes. */
  readonly account: string;
  readonly roles: readonly string[];
}

/** What a command hands to `handle`. */
export interface CommandInput<Data> {
  readonly run: { readonly id: string; readonly owner: string };
  /** The same for every request with the same `Idempotency-Key`: the idempotency key of every outside effect. */
  readonly delivery: { readonly id: string };
  readonly principal: CommandPrincipal;
  readonly data: Data;
}

/** What a command's `handle` returns. Nothing of it holds before the commit. */
export interface CommandOutcome<Reply> {
  readonly emits?: readonly Emit[];
  readonly reply?: Reply;
  /**
   * Runs inside the one transaction of the command: at most a second (after five it is broken off), nothing outside;
   * may read, lock and decide.
   * Throw `Permanent` or `Conflict` to refuse. Runs again after a deadlock.
   */
  readonly write?: (
    tx: Transaction,
  ) => Promise<{ readonly events?: readonly Emit[]; readonly reply?: Reply }>;
}

interface CommandSurroundings {
  /** Aborts on the time limit and when the caller goes away. */
  readonly signal: AbortSignal;
  readonly log: FunctionLog;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a command's `handle` gets beside its input: the fixed set, and the ports it names in `needs`. */
export type CommandDependencies<Needs extends keyof Ports> = CommandSurroundings & Pick<Ports, Needs>;

/** A capability that answers within the request. It has no artifacts and no retries: its caller is there. */
export interface CommandDefinition<
  Data extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  Needs extends keyof Ports = keyof Ports,
> {
  /** The folder's own name; unique in the platform. */
  readonly name: string;
  /** One sentence for the catalogue page. */
  readonly summary: string;
  /** Fields marked with `secret` are neither stored nor logged. */
  readonly command: {
    /** As in `events.yaml`: `user.follow`. */
    readonly type: string;
    readonly data: Data;
    readonly reply: Reply;
  };
  readonly needs: readonly Needs[];
  handle(
    input: CommandInput<z.output<Data>>,
    deps: CommandDependencies<Needs>,
  ): Promise<CommandOutcome<z.output<Reply>>>;
}
