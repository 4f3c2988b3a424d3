/** Calendars that people imported, subscribed to, or let others subscribe to. */
export { type AppliedEntries, applyEntries } from './apply-entries.ts';
export type { Calendar } from './calendar.ts';
export { type Calendars, createCalendars } from './calendars.ts';
export { type Feed, holdFeed, recordFailure, recordLook, takeDueFeeds } from './feed.ts';
export { deleteCalendar, openCalendar } from './open-calendar.ts';
export { shareCalendar, unshareCalendar } from './share.ts';
