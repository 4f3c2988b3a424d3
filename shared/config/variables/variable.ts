import type { Reader } from '../readers.ts';

/** One environment variable: how it is read, and what people are told about it. */
export interface Variable<Value> {
  readonly read: Reader<Value>;
  /** What a right value is, after "must be". */
  readonly rule: string;
  readonly about: string;
  readonly secret?: true;
}

/** One that has a value where it is not set. */
export interface VariableWithDefault<Value> extends Variable<Value> {
  readonly otherwise: NoInfer<Value>;
}

export function variable<Value>(definition: VariableWithDefault<Value>): VariableWithDefault<Value>;
export function variable<Value>(definition: Variable<Value>): Variable<Value>;
export function variable<Value>(definition: Variable<Value>): Variable<Value> {
  return definition;
}
