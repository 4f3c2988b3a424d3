/** Affected functions: whose images a commit changes, by the modules, packages and limits that they are made of. */
export { type Affected, createAffected, type PlatformFolders } from './affected.ts';
