import type { Topology } from '#shared/topology';
import { on, testTopology } from '../../../test/ledger-fixture.ts';

/** An inbox whose Markdown files are scripts: of an owner in his folder, else of nobody. */
export const droppedScripts: Topology = {
  ...testTopology({ 'take-script': [on('script.uploaded')] }),
  flows: {
    'dropped-video': {
      title: 'Dropped',
      starts: ['script.uploaded'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
  },
  buckets: { inbox: { 'scripts/{owner}/{name}.md': 'script.uploaded', '{name}.md': 'script.uploaded' } },
};
