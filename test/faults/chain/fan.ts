import { eventCatalogue } from '#shared/events';
import { defineFunction, type Outcome } from '#shared/function';
import type { TopologyFunction } from '#shared/topology';

/** Parts that one run of the fan is split into. */
export const FAN_PARTS = 8;

const base = { area: 'video', profile: 'light', puts: {}, promises: undefined } as const;
const example = {
  script: eventCatalogue['pipeline.script.generated'].example,
  scripted: eventCatalogue['scene.scripted'].example,
  rendered: eventCatalogue['scene.rendered'].example,
};

function row({ id }: { id: string }, run: { id: string }): Pick<Outcome, 'write'> {
  return {
    write: async (tx) => {
      await tx.query('insert into effect (delivery, run) values ($1, $2)', [id, run.id]);
      return {};
    },
  };
}

const keys = Array.from({ length: FAN_PARTS }, (_, index) => `scene-${String(index + 1).padStart(3, '0')}`);

/** A step that splits its run into parts, one for each part, and one when all have come; no files. */
export const fan = [
  {
    topology: {
      ...base,
      name: 'fan-out',
      triggers: [{ kind: 'event', type: 'pipeline.keywords.fetched' }],
      emits: ['pipeline.script.generated', 'scene.scripted'],
      promises: 'scene',
    } satisfies TopologyFunction,
    definition: defineFunction({
      name: 'fan-out',
      summary: 'Splits.',
      consumes: ['pipeline.keywords.fetched'],
      needs: [],
      handle: async ({ delivery, run }) => ({
        emits: [
          { type: 'pipeline.script.generated' as const, data: example.script },
          ...keys.map((key) => ({ type: 'scene.scripted' as const, key, data: example.scripted })),
        ],
        ...row(delivery, run),
      }),
    }),
  },
  {
    topology: {
      ...base,
      name: 'fan-part',
      triggers: [{ kind: 'event', type: 'scene.scripted' }],
      emits: ['scene.rendered'],
    } satisfies TopologyFunction,
    definition: defineFunction({
      name: 'fan-part',
      summary: 'Works on a part.',
      consumes: ['scene.scripted'],
      needs: [],
      handle: async ({ delivery, run }) => ({
        emits: [{ type: 'scene.rendered' as const, data: example.rendered }],
        ...row(delivery, run),
      }),
    }),
  },
  {
    topology: {
      ...base,
      name: 'fan-in',
      triggers: [{ kind: 'each-of', type: 'scene.rendered', of: 'pipeline.script.generated' }],
      emits: [],
    } satisfies TopologyFunction,
    definition: defineFunction({
      name: 'fan-in',
      summary: 'Gathers.',
      consumes: ['scene.rendered', 'pipeline.script.generated'],
      needs: [],
      handle: async ({ delivery, run }) => row(delivery, run),
    }),
  },
];
