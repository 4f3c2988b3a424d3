import { z } from 'zod';
import { secret } from '#shared/function';
import {
  gatheringCapacity,
  gatheringDescription,
  gatheringPlace,
  gatheringTitle,
  gatheringVisibility,
  localTime,
  recurrence,
  zone,
} from './fields.ts';
import { placeInTime } from './when.ts';
import type { GatheringContent } from './write.ts';

/** What an owner says of an event, as a command carries it. The ledger keeps none of the words. */
export const gatheringCommand = z.strictObject({
  title: secret(gatheringTitle),
  description: secret(gatheringDescription),
  place: secret(gatheringPlace),
  starts: localTime,
  ends: localTime.optional(),
  zone: zone.optional(),
  recurrence: recurrence.optional(),
  visibility: gatheringVisibility,
  capacity: gatheringCapacity.nullable(),
});

/** @throws Permanent for times that cannot be */
export function readContent(given: z.output<typeof gatheringCommand>): GatheringContent {
  const { title, description, place, visibility, capacity, ...times } = given;
  return { title, description, place, visibility, capacity, times: placeInTime(times) };
}
