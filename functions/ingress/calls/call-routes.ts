import type { Ledger } from '#shared/ledger';
import type { PipelineReader } from '../pipelines/pipeline-reader.ts';
import type { Route } from '../route.ts';
import type { RunWatcher } from '../streams/run-watcher.ts';
import { assembleVideo } from './assemble-video.ts';
import { callRoute } from './call-route.ts';
import { fetchKeywords } from './fetch-keywords.ts';
import { generateMetadata } from './generate-metadata.ts';
import { generateScript } from './generate-script.ts';
import { generateThumbnail } from './generate-thumbnail.ts';
import { renderSpeech } from './render-speech.ts';
import type { StartCall } from './start-call.ts';

/** Every single call. */
export function callRoutes(tools: {
  ledger: Ledger;
  start: StartCall;
  reader: PipelineReader;
  watcher: RunWatcher;
}): Route[] {
  return [
    callRoute({ ...tools, call: fetchKeywords }),
    callRoute({ ...tools, call: generateScript }),
    callRoute({ ...tools, call: renderSpeech }),
    callRoute({ ...tools, call: assembleVideo }),
    callRoute({ ...tools, call: generateThumbnail }),
    callRoute({ ...tools, call: generateMetadata(tools) }),
  ];
}
