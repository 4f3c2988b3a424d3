import { compileOnce } from './bundle/index.ts';

/** `node images/compile.ts <main.cjs>`: lets Node compile a bundle, as the user who will run it. */
await compileOnce(process.argv[2] ?? '');
