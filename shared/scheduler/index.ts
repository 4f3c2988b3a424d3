/** The scheduler: all that time does. Promotes, takes back what lost hosts held, settles, re-sends wake-ups. */
export { runScheduler } from './run-scheduler.ts';
