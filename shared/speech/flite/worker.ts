import { parentPort, workerData } from 'node:worker_threads';
import { type PhraseRequest, PhraseSpeaker } from './synthesise.ts';

/** The thread on which flite runs: the work is synchronous and would block the host's event loop. */
const { module } = workerData as { module: WebAssembly.Module };
const speaker = new PhraseSpeaker(module);

parentPort?.on('message', (request: PhraseRequest & { id: number }) => {
  try {
    const phrase = speaker.speak(request);
    parentPort?.postMessage({ id: request.id, phrase }, [phrase.samples.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort?.postMessage({
      id: request.id,
      error: error instanceof Error ? error.message : String(error),
    });
  }
});
