/** The typed catalogue of events: every type that `events.yaml` may name, with its schema and an example. */
export { type ArtifactRef, artifactRef, exampleArtifact } from './artifact.ts';
export { type EventData, type EventType, eventCatalogue, isEventType } from './catalogue.ts';
export type { EventDefinition } from './define-event.ts';
export type { VideoSettings } from './pipeline.ts';
export { readJson } from './read-json.ts';
export type { Scene } from './scene.ts';
export { type Script, script } from './script.ts';
export { type Timeline, timeline } from './timeline.ts';
