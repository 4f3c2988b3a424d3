/** Tells browsers that are not open: encrypted for each (RFC 8291), signed by us (RFC 8292), sent to its push service (RFC 8030). */
export { arePushKeys, type PushKeys } from './encrypt.ts';
export type { Push, PushAnswer, WebPush } from './port.ts';
export { createPushKey, type PushKey } from './push-key.ts';
export { createWebPush } from './web-push.ts';
