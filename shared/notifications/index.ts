/** What people are told of: once for each occasion, in their list, by mail, in a digest, in their browsers, as they wish. */
export { guestsOf, readersOf, toldOfEvent } from './audiences.ts';
export { markRead, markReadAbout, markReadUpTo, removeNotification } from './change.ts';
export { forgetOld, gatherDigests } from './digests.ts';
export { type EndedRun, takeEndedRuns } from './ended-runs.ts';
export {
  type Channels,
  kindNames,
  type NotificationKind,
  notificationKinds,
} from './kinds.ts';
export { notificationLetters } from './letter.ts';
export { appLink, NEWS_PATH, notificationLinks } from './links.ts';
export {
  createNotifications,
  type NotificationList,
  type Notifications,
  type SentNotification,
  type SubscriptionView,
} from './notifications.ts';
export { channels, type Preferences } from './preferences.ts';
export { createPushes, type DuePush, type Pushes, pushArrived, pushFailed } from './pushes.ts';
export { refuseMails, setPreferences } from './set-preferences.ts';
export { type NewSubscription, removeSubscription, subscribe } from './subscriptions.ts';
export { type Telling, tell } from './tell.ts';
export { keyWithin, type MailRefusal, readUnsubscribeToken } from './unsubscribe-token.ts';
export { type NotificationRow, pathOf, sentenceOf } from './view.ts';
