import type { z } from 'zod';

/** One type of event: its payload's schema, a real example, and the part key if it has one. */
export interface EventDefinition<Data extends z.ZodType> {
  /** One sentence, for the catalogue and the AsyncAPI document. */
  readonly summary: string;
  /** Of its schema; 1 where left out. A change that breaks who reads it needs the next one. */
  readonly version?: number;
  /** Name of the key that tells its parts apart (`scene`); absent when a run has one such event. */
  readonly key?: string;
  readonly data: Data;
  readonly example: z.input<Data>;
}

/** Declares a type of event. Its schema is made when it is first asked for: a process meets few of all types. */
export function defineEvent<Data extends z.ZodType>({
  data,
  ...rest
}: Omit<EventDefinition<Data>, 'data'> & { readonly data: () => Data }): EventDefinition<Data> {
  const made = once(data);
  return {
    ...rest,
    get data() {
      return made();
    },
  };
}

/** Makes a value when it is first asked for. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
