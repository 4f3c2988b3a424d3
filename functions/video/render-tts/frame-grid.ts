/** Where frames of the video fall among the samples of the sound. */
export class FrameGrid {
  readonly #fps: number;
  readonly #sampleRate: number;

  constructor(request: { fps: number; sampleRate: number }) {
    this.#fps = request.fps;
    this.#sampleRate = request.sampleRate;
  }

  /** The sample on which a frame begins; errors never add up, because each is reckoned from the start. */
  sampleOf(frame: number): number {
    return Math.round((frame * this.#sampleRate) / this.#fps);
  }

  /** The first frame that begins at or after a sample. */
  frameAtOrAfter(sample: number): number {
    const frame = Math.ceil((sample * this.#fps) / this.#sampleRate);
    return this.sampleOf(frame) < sample ? frame + 1 : frame;
  }
}
