import type { z } from 'zod';
import { followingEvents } from './following.ts';
import { peopleEvents } from './people.ts';
import { pipelineEvents } from './pipeline.ts';
import { scheduleEvents } from './schedule.ts';

/** Every event type of the platform. */
export const eventCatalogue = { ...pipelineEvents, ...scheduleEvents, ...peopleEvents, ...followingEvents };

export type EventType = keyof typeof eventCatalogue;

/** The payload of an event type. */
export type EventData<Type extends EventType> = z.infer<(typeof eventCatalogue)[Type]['data']>;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventCatalogue, name);
}
