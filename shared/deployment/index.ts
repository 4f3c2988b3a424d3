/** Deployment: the process of one function where it runs alone (an image, a machine of its own), and its bundle. */
export { type DeployedFunction, serveFunction } from './serve-function.ts';
