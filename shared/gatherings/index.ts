/** Events that people meet for (`gathering` in code: an event is what a function consumes): times, answers, reminders. */
export { gatheringCommand, readContent } from './content.ts';
export {
  gatheringCapacity,
  gatheringDescription,
  gatheringPlace,
  gatheringTitle,
  gatheringVisibility,
  localTime,
  remindMinutes,
  zone,
} from './fields.ts';
export type { Gathering, ParticipationState } from './gathering.ts';
export {
  createGatherings,
  type Gatherings,
  type Guest,
  type InstanceKey,
  keyOfInstance,
  type Participant,
} from './gatherings.ts';
export { holdGathering, holdOwn } from './hold.ts';
export type { GatheringInstance } from './instances.ts';
export { invite, withdrawInvitation } from './invite.ts';
export { moveInstance } from './move-instance.ts';
export { leave, participate, promote, withRoom } from './participate.ts';
export { takeReminders } from './reminders.ts';
export { remindOthersAnew } from './retime.ts';
export { visibleTo } from './visible.ts';
export { endAsLong, placeInTime } from './when.ts';
export { cancelGathering, deleteGathering, insertGathering, updateGathering } from './write.ts';
