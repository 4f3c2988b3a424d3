/** Notices of buckets, as S3 sends them to a queue and MinIO posts them: read without trust, and told by key. */
export { consumeNotices } from './consume-notices.ts';
export { type Noticed, readNotices } from './read-notices.ts';
