import { assembleRoot, machineCodeIn } from './root/assemble-root.ts';

/** `node images/assemble.ts <app> <folder>`: the root of an image for the bundle in `<app>`, without the bundle. */
const [app = '/app', folder = '/image'] = process.argv.slice(2);
await assembleRoot({
  folder,
  programs: { 'usr/local/bin/node': process.execPath },
  machineCode: await machineCodeIn(app),
});
