/** What would fail later is checked and said before anything starts: one check a file. */
export type { Check, Finding } from './check.ts';
export { preflight } from './preflight.ts';
