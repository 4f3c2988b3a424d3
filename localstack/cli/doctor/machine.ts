import { availableParallelism, totalmem } from 'node:os';
import { dataFolderCheck, diskCheck, ffmpegCheck, nodeCheck, settle } from '../../preflight/index.ts';
import { type Examination, fromStart } from './finding.ts';

/** Ingress, Postgres and two lanes at work, with an FFmpeg; bytes. */
const LEAST_MEMORY = 2 * 2 ** 30;

export const machine: Examination = {
  subject: 'machine',
  look: async () => {
    const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
    const says = `${process.platform}-${process.arch}, ${availableParallelism()} cores, ${memory}`;
    if (totalmem() >= LEAST_MEMORY) return [{ state: 'fit', says }];
    return [
      {
        state: 'advice',
        says,
        remedy: 'Videos in 1080p need 2 GiB; ask for smaller ones (--size 1280x720).',
      },
    ];
  },
};

export const node: Examination = {
  subject: 'node',
  look: async ({ config, signal }) => fromStart(await settle(nodeCheck, config, signal)),
};

export const ffmpeg: Examination = {
  subject: 'ffmpeg',
  look: async ({ config, signal }) => fromStart(await settle(ffmpegCheck, config, signal)),
};

export const dataFolder: Examination = {
  subject: 'data folder',
  look: async ({ config, signal }) => fromStart(await settle(dataFolderCheck, config, signal)),
};

export const disk: Examination = {
  subject: 'disk',
  look: async ({ config, signal }) => fromStart(await settle(diskCheck, config, signal)),
};
