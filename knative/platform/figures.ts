import type { PodFigures } from '../pod/resources.ts';

const MIB = 2 ** 20;

/** What the platform's own processes are given: they move events, and no bytes of a video. */
const small: PodFigures = {
  cpu: '1',
  memoryBytes: 512 * MIB,
  requests: { cpu: '200m', memoryBytes: 256 * MIB },
  diskBytes: 512 * MIB,
  tmpBytes: 128 * MIB,
  gpu: 0,
};

/** Uploads and streams wait in it, hundreds at a time. */
const door: PodFigures = {
  ...small,
  cpu: '2',
  memoryBytes: 1024 * MIB,
  requests: { cpu: '500m', memoryBytes: 512 * MIB },
};

export const figures = { small, door };
