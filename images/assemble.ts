import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleRoot } from './root/assemble-root.ts';

/** `node images/assemble.ts <app> <folder>`: the root of an image for the bundle in `<app>`, without the bundle. */
const [app = '/app', folder = '/image'] = process.argv.slice(2);
const machineCode: string[] = [];
for await (const path of glob('node_modules/**/*.node', { cwd: app })) machineCode.push(join(app, path));
await assembleRoot({ folder, node: process.execPath, machineCode });
