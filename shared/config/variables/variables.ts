import { buckets } from './buckets.ts';
import { installation } from './installation.ts';
import { mail } from './mail.ts';
import { making } from './making.ts';
import { objects } from './objects.ts';
import { safety } from './safety.ts';
import { telemetry } from './telemetry.ts';
import { transport } from './transport.ts';
import { upkeep } from './upkeep.ts';
import type { Variable, VariableWithDefault } from './variable.ts';

/** Every variable that Millrace reads. An empty one counts as not set. */
export const variables = {
  ...installation,
  ...objects,
  ...transport,
  ...buckets,
  ...mail,
  ...safety,
  ...making,
  ...telemetry,
  ...upkeep,
};

export type VariableName = keyof typeof variables;

type ValueOf<One> =
  One extends VariableWithDefault<infer Value>
    ? Value
    : One extends Variable<infer Value>
      ? Value | undefined
      : never;

export type VariableValues = { [Name in VariableName]: ValueOf<(typeof variables)[Name]> };

export const variableNames = Object.keys(variables) as VariableName[];

/** A variable as help and documents show it. */
export interface VariableDescription {
  readonly name: string;
  readonly about: string;
}

export function describeVariables(): readonly VariableDescription[] {
  return variableNames.map((name) => ({ name, about: variables[name].about }));
}
