/** What a function is: `defineFunction`, the events it gets, the dependencies it may name, what it returns. */
export type {
  CommandDefinition,
  CommandDependencies,
  CommandInput,
  CommandOutcome,
  CommandPrincipal,
} from './command.ts';
export type {
  Clock,
  Dependencies,
  Emit,
  FunctionInput,
  FunctionLog,
  Outcome,
  Put,
  Random,
  ReceivedEvent,
} from './contract.ts';
export { defineFunction, type FunctionDefinition } from './define-function.ts';
export type { Ports } from './ports.ts';
export { type SecretKeeper, secret, secretKeeper } from './secret.ts';
