import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const source = fileURLToPath(new URL('./assembly/index.ts', import.meta.url));
const generated = fileURLToPath(new URL('./resampler.generated.ts', import.meta.url));

/** Compiles `assembly/` with SIMD; answers the text of `resampler.generated.ts`. */
export async function compileResampler(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-wasm-'));
  try {
    const output = join(folder, 'resampler.wasm');
    const flags = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub'];
    const { error, stderr } = await asc.main([
      source,
      ...flags,
      ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--use', 'abort='],
      ...['--outFile', output],
    ]);
    if (error) throw new Error(`assemblyscript: ${stderr.toString()}`, { cause: error });
    const base64 = (await readFile(output)).toString('base64');
    const lines = base64.match(/.{1,100}/g) ?? [];
    return [
      '// Generated from assembly/index.ts by `npm run build:wasm`; do not edit.',
      'export const resamplerWasm =',
      lines
        .map((line) => `  '${line}'`)
        .join(' +\n')
        .concat(';'),
      '',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(generated, await compileResampler());
