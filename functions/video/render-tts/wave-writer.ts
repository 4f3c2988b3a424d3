import { type FileHandle, open } from 'node:fs/promises';

const HEADER_BYTES = 44;

/** Writes mono 16-bit PCM to a WAV file piece by piece; the sizes go into the header at the end. */
export class WaveWriter {
  readonly #file: FileHandle;
  readonly #sampleRate: number;
  #samples = 0;

  private constructor(file: FileHandle, sampleRate: number) {
    this.#file = file;
    this.#sampleRate = sampleRate;
  }

  static async create(path: string, sampleRate: number): Promise<WaveWriter> {
    const file = await open(path, 'w');
    const writer = new WaveWriter(file, sampleRate);
    await file.write(new Uint8Array(HEADER_BYTES));
    return writer;
  }

  /** Samples written so far. */
  get length(): number {
    return this.#samples;
  }

  async write(samples: Int16Array): Promise<void> {
    if (samples.length === 0) return;
    await this.#file.write(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    this.#samples += samples.length;
  }

  /** Writes silence until the file holds `length` samples. */
  async padTo(length: number): Promise<void> {
    if (length > this.#samples) await this.write(new Int16Array(length - this.#samples));
  }

  /** Completes the header. @returns the number of samples */
  async finish(): Promise<number> {
    const header = Buffer.alloc(HEADER_BYTES);
    const bytes = this.#samples * 2;
    header.write('RIFF', 0, 'latin1');
    header.writeUInt32LE(36 + bytes, 4);
    header.write('WAVEfmt ', 8, 'latin1');
    header.writeUInt32LE(16, 16);
    header.writeUInt16LE(1, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt32LE(this.#sampleRate, 24);
    header.writeUInt32LE(this.#sampleRate * 2, 28);
    header.writeUInt16LE(2, 32);
    header.writeUInt16LE(16, 34);
    header.write('data', 36, 'latin1');
    header.writeUInt32LE(bytes, 40);
    await this.#file.write(header, 0, HEADER_BYTES, 0);
    return this.#samples;
  }

  /** Closes the file; safe to call twice. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}
