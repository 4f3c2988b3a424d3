/** What a function is: `defineFunction`, the events it gets, the dependencies it may name, what it returns. */
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
