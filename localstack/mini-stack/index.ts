/** MiniStack: S3 and SQS on one machine without Docker and account, where Python is present. */
export { type MiniStack, startMiniStack } from './start-mini-stack.ts';
