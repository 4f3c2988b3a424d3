/** The folder of one platform: one instance at a time, its token, and where its products stand. */

export { keysFolder } from '../../platform/paths.ts';
export { type FolderLock, type Instance, lockFolder, readInstance } from './lock-folder.ts';
export { identify, isAlive } from './process-identity.ts';
export { productPath } from './product-path.ts';
export { ensureToken, LOCAL_ACCOUNT, readToken, tokenPath } from './token.ts';
