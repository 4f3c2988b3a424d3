import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flowFunctions } from './flow.ts';
import { readTopology } from './read-topology.ts';

const topology = readTopology({ path: join(import.meta.dirname, '../../events.yaml') });

describe('the functions of a flow', () => {
  it('come each after those they wait for', () => {
    const names = flowFunctions(topology, 'video').map(({ name }) => name);
    expect(names).toContain('place-video');
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, 2)).toEqual(['keyword-fetch', 'generate-script']);
    const at = (name: string) => names.indexOf(name);
    for (const [first, then] of [
      ['generate-script', 'render-tts'],
      ['generate-image', 'render-scene'],
      ['render-tts', 'render-scene'],
      ['render-scene', 'mux-video'],
      ['mux-video', 'build-metadata'],
      ['make-thumbnail', 'build-metadata'],
      ['build-metadata', 'place-video'],
    ] as const) {
      expect(at(first), `${first} before ${then}`).toBeLessThan(at(then));
    }
  });

  it('hold one that any of its triggers reaches', () => {
    const names = (flow: string) => flowFunctions(topology, flow).map(({ name }) => name);
    expect(names('metadata')).toEqual(['build-metadata']);
    expect(names('text-metadata')).toEqual(['build-metadata']);
  });

  it('of a flow that is not there are none', () => {
    expect(flowFunctions(topology, 'vidoe')).toEqual([]);
  });
});
