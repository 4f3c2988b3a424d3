/** The typed catalogue of events: every type that `events.yaml` may name, with its schema and an example. */
export { type ArtifactRef, artifactRef, exampleArtifact } from './artifact.ts';
export { type EventData, type EventType, eventCatalogue, isEventType } from './catalogue.ts';
export { defineEvent, type EventDefinition } from './define-event.ts';
export { type VideoSettings, videoSettings } from './pipeline.ts';
export { type Scene, type Script, scene, script } from './script.ts';
export { type Timeline, timeline } from './timeline.ts';
