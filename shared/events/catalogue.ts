import type { z } from 'zod';
import { calendarEvents } from './calendars.ts';
import { conversationEvents } from './conversations.ts';
import { followingEvents } from './following.ts';
import { gatheringEvents } from './gatherings.ts';
import { mailEvents } from './mail.ts';
import { notificationEvents } from './notifications.ts';
import { peopleEvents } from './people.ts';
import { pictureEvents } from './pictures.ts';
import { pipelineEvents } from './pipeline.ts';
import { postEvents } from './posts.ts';
import { scheduleEvents } from './schedule.ts';

/** Every event type of the platform. */
export const eventCatalogue = {
  ...pipelineEvents,
  ...scheduleEvents,
  ...peopleEvents,
  ...mailEvents,
  ...notificationEvents,
  ...followingEvents,
  ...postEvents,
  ...gatheringEvents,
  ...pictureEvents,
  ...conversationEvents,
  ...calendarEvents,
};

export type EventType = keyof typeof eventCatalogue;

/** The payload of an event type. */
export type EventData<Type extends EventType> = z.infer<(typeof eventCatalogue)[Type]['data']>;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventCatalogue, name);
}
