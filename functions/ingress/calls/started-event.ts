import { eventCatalogue, type VideoSettings } from '#shared/events';
import type { NewEvent } from '#shared/ledger';
import type { CallTools } from './call.ts';

interface Asked {
  readonly topic?: string | undefined;
  readonly script?: string | undefined;
  readonly language?: string | undefined;
  readonly format?: VideoSettings['format'] | undefined;
  readonly voice?: string | undefined;
  readonly seconds?: number | undefined;
  readonly title?: string | undefined;
}

/** The event with which everything that begins with a topic or a text begins. */
export async function startedEvent(asked: Asked, tools: CallTools): Promise<NewEvent> {
  const settings = await tools.settings(asked);
  const source =
    asked.script === undefined
      ? { topic: asked.topic }
      : { script: await tools.store('script.md', asked.script) };
  return {
    type: 'pipeline.started',
    data: eventCatalogue['pipeline.started'].data.parse({ settings, ...source }),
  };
}
