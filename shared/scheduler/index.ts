/** The scheduler: all that time does. Promotes, takes back what lost hosts held, settles, re-sends wake-ups; tells of the ledger. */
export { exportFigures } from './export-figures.ts';
export { exportOutcomes } from './export-outcomes.ts';
export { exportUsage } from './export-usage.ts';
export { runElected } from './run-elected.ts';
export { runScheduler } from './run-scheduler.ts';
