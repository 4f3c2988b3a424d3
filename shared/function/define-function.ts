import type { z } from 'zod';
import type { EventType } from '#shared/events';
import type { CommandDefinition } from './command.ts';
import type { Dependencies, FunctionInput, Outcome } from './contract.ts';
import type { Ports } from './ports.ts';

/** One capability. Triggers, emitted events and limits stand in `events.yaml`, checked against this. */
export interface FunctionDefinition<
  Consumes extends EventType = EventType,
  Needs extends keyof Ports = keyof Ports,
> {
  /** The folder's own name; unique in the platform. */
  readonly name: string;
  /** One sentence for the catalogue page. */
  readonly summary: string;
  /** The types that `input.one` and `input.all` may be asked for. */
  readonly consumes: readonly Consumes[];
  readonly needs: readonly Needs[];
  /** The long work; no transaction is open. Throw `Permanent` or `Transient` with a code. */
  handle(input: FunctionInput<Consumes>, deps: Dependencies<Needs>): Promise<Outcome>;
}

/**
 * Declares a function; a folder's `function.ts` default-exports it. With `consumes` it works on events, with
 * `command` it answers within the request.
 */
export function defineFunction<Consumes extends EventType, Needs extends keyof Ports>(
  definition: FunctionDefinition<Consumes, Needs>,
): FunctionDefinition<Consumes, Needs>;
export function defineFunction<Data extends z.ZodType, Reply extends z.ZodType, Needs extends keyof Ports>(
  definition: CommandDefinition<Data, Reply, Needs>,
): CommandDefinition<Data, Reply, Needs>;
export function defineFunction(definition: { readonly name: string }): { readonly name: string } {
  return definition;
}
