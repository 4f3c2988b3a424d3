/** What people hear at once: told in a transaction, kept for a while with a position for each, carried to every replica. */
export { announce, type News, publish } from './publish.ts';
