import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HttpProblem, noneMatches } from '#shared/http';
import type { Route } from '../route.ts';

const own = (name: string) => new URL(`./assets/${name}`, import.meta.url);
const { resolve } = createRequire(import.meta.url);
const font = (weight: number) =>
  pathToFileURL(resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`));

/** All that pages load: these files and no others. */
const files: ReadonlyMap<string, { at: URL; type: string }> = new Map([
  ['style.css', { at: own('style.css'), type: 'text/css; charset=utf-8' }],
  ['live.js', { at: own('live.js'), type: 'text/javascript; charset=utf-8' }],
  ['letter.js', { at: own('letter.js'), type: 'text/javascript; charset=utf-8' }],
  ['mark.svg', { at: own('mark.svg'), type: 'image/svg+xml' }],
  ['inter-400.woff2', { at: font(400), type: 'font/woff2' }],
  ['inter-600.woff2', { at: font(600), type: 'font/woff2' }],
  ['inter-700.woff2', { at: font(700), type: 'font/woff2' }],
]);

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Style, script, mark and font of our own pages. */
export function assetRoute(): Route {
  const loaded = new Map<string, Promise<Asset>>();
  const load = (name: string, at: URL): Promise<Asset> => {
    const asset = loaded.get(name) ?? readAsset(at);
    loaded.set(name, asset);
    return asset;
  };
  return {
    method: 'get',
    path: '/assets/{name}',
    access: 'public',
    rate: 'free',
    async handle(c) {
      const name = c.req.param('name') ?? '';
      const file = files.get(name);
      if (file === undefined) {
        throw new HttpProblem({ status: 404, code: 'not-found', detail: 'There is no such file.' });
      }
      const { bytes, etag } = await load(name, file.at);
      const headers = { ETag: etag, 'Cache-Control': 'public, max-age=300' };
      if (noneMatches(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
      return c.body(bytes, 200, { ...headers, 'Content-Type': file.type });
    },
  };
}

async function readAsset(at: URL): Promise<Asset> {
  const bytes = new Uint8Array(await readFile(fileURLToPath(at)));
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}
