import type { z } from 'zod';
import { pipelineEvents } from './pipeline.ts';

/** Every event type of the platform. */
export const eventCatalogue = { ...pipelineEvents };

export type EventType = keyof typeof eventCatalogue;

/** The payload of an event type. */
export type EventData<Type extends EventType> = z.infer<(typeof eventCatalogue)[Type]['data']>;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventCatalogue, name);
}
