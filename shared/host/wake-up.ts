import { HttpProblem } from '#shared/http';
import type { IncomingEvent } from './cloud-event.ts';

/** CloudEvents type of a wake-up. It has no data; its extension `function` is what Triggers filter on. */
export const WAKE_UP = 'millrace.wake-up';

const ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.\d{1,9}$/;

export interface WakeUp {
  readonly delivery: string;
  /** Leaf name of the function that it is addressed to. */
  readonly function: string;
}

/** @throws HttpProblem 400 `wake-up-invalid` */
export function readWakeUp(event: IncomingEvent): WakeUp {
  const delivery = ID.exec(event.id)?.[1];
  const name = event.attributes.function;
  if (delivery === undefined || name === undefined || event.data !== undefined) {
    throw new HttpProblem({
      status: 400,
      code: 'wake-up-invalid',
      detail: 'A wake-up has the id {delivery}.{n}, the extension "function", and no data.',
    });
  }
  return { delivery, function: name };
}
