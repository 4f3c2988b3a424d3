/** Deployment: the process of one function where it runs alone (an image, a machine of its own). */
export type { DeployedFunction } from './deployed-function.ts';
export { serveFunction } from './serve-function.ts';
