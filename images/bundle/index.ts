/** Bundles: one folder with all that a process needs beside Node, and nothing else. */
export { type Bundle, buildBundle, buildPlatform } from './build-bundle.ts';
export { compileOnce } from './compile-once.ts';
export { measureStarts, type Starts } from './start-ratio.ts';
