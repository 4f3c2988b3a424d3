/** Named points at which tests let a process die, throw, stop or wait. They do nothing in production. */
export { onReach, reach } from './reach.ts';
