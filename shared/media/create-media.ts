import { assemble } from './assemble/assemble.ts';
import { decodeSound } from './loudness/decode-sound.ts';
import { masterNarration } from './loudness/master.ts';
import { measureLoudness } from './loudness/measure.ts';
import type { Media } from './port.ts';
import { probe } from './probe/probe.ts';
import { renderScene } from './scene/render-scene.ts';

/** The media port on the FFmpeg of this path (see `findFfmpeg`). */
export function createMedia({ ffmpeg }: { ffmpeg: string }): Media {
  return {
    probe: (request) => probe({ ffmpeg, ...request }),
    decodeSound: (request) => decodeSound({ ffmpeg, ...request }),
    measureLoudness: (request) => measureLoudness({ ffmpeg, ...request }),
    masterNarration: (request) => masterNarration({ ffmpeg, ...request }),
    renderScene: (request) => renderScene({ ffmpeg, request }),
    assemble: (request) => assemble({ ffmpeg, request }),
  };
}
