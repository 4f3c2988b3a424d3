/** The inbox: files that come from outside, dropped into a folder or uploaded, each noticed once however often it is seen. */
export { dropOwners } from './drop-owners.ts';
export { type DropOwners, eraseFromInbox } from './erase.ts';
export { createInbox, type Inbox } from './inbox.ts';
export type { InboxOwners } from './notice.ts';
export { type InboxRound, type NotLookedAt, type Overlooked, sweepInbox } from './sweep-inbox.ts';
export type { Upload } from './upload-record.ts';
export type { UploadedFile } from './uploads.ts';
