import type { SpokenWord } from '#shared/speech';

export interface MediaInfo {
  readonly durationSeconds: number;
  readonly video?: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly fps: number;
    readonly pixelFormat: string;
  };
  readonly audio?: { readonly codec: string; readonly sampleRate: number; readonly channels: number };
}

export interface Loudness {
  /** Integrated loudness, LUFS (EBU R 128). */
  readonly integrated: number;
  /** dBTP (ITU-R BS.1770-4, annex 2). */
  readonly truePeak: number;
}

export interface SceneRequest {
  /** Path of the illustration. */
  readonly picture: string;
  /** Path of the segment to write: H.264, yuv420p, closed GOP, no audio. */
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Exact length of the segment. */
  readonly frames: number;
  /** Words with seconds counted from the segment's first frame; drawn as captions, word by word. */
  readonly words: readonly SpokenWord[];
  /** Chooses the camera move. */
  readonly seed: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly signal: AbortSignal;
  /** Called with the number of frames that the encoder has taken. */
  readonly onFrames?: (frames: number) => void;
}

export interface AssemblyRequest {
  /** Paths of the segments in order. */
  readonly segments: readonly string[];
  /** Path of the narration: mono or stereo WAV, exact sample count. */
  readonly narration: string;
  readonly output: string;
  readonly title?: string;
  readonly totalFrames: number;
  readonly signal: AbortSignal;
  readonly onFrames?: (frames: number) => void;
}

/** All that is done with FFmpeg. Every call ends its processes within a second of `signal`. */
export interface Media {
  probe(request: { path: string; signal: AbortSignal }): Promise<MediaInfo>;
  /** Any sound as WAV: 48 kHz, 16 bit, mono or stereo as it is. @throws Permanent `media-unreadable` */
  decodeSound(request: { input: string; output: string; signal: AbortSignal }): Promise<{ seconds: number }>;
  measureLoudness(request: { path: string; signal: AbortSignal }): Promise<Loudness>;
  /** Resamples to 48 kHz and brings speech to −14 LUFS ± 0.5, true peak ≤ −1.5 dBTP; keeps the length. */
  masterNarration(request: { input: string; output: string; signal: AbortSignal }): Promise<Loudness>;
  renderScene(request: SceneRequest): Promise<void>;
  /** Joins the segments without encoding them again and encodes the sound once (AAC), fast-start MP4. */
  assemble(request: AssemblyRequest): Promise<void>;
}
