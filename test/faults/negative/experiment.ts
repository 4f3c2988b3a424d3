import type { Topology } from '#shared/topology';
import { on, testTopology } from '../../ledger-fixture.ts';
import type { Laboratory } from './laboratory.ts';
import type { Sabotage } from './sabotage.ts';

/** An attempt to break one guarantee; it fails on the ledger as it is and succeeds once a statement is broken. */
export interface Experiment {
  readonly name: string;
  /** The beginning of what then no longer holds (see expect-guarantees.ts). */
  readonly guarantee: string;
  readonly topology: Topology;
  readonly sabotage: readonly Sabotage[];
  run(laboratory: Laboratory): Promise<void>;
}

/** A run of one step. */
export const one = testTopology({ only: [on('pipeline.started')] });

/** Two steps, and a third that waits for both. */
export const joined = testTopology({
  left: [on('pipeline.started')],
  right: [on('pipeline.started')],
  both: [{ kind: 'all', types: ['pipeline.thumbnail.created', 'pipeline.video.assembled'], each: undefined }],
});

/** A statement without some of its words, or with others in their place. */
export const take = (text: string, words: string, instead = ''): string => text.replace(words, instead);
