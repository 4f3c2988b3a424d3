import type { Rule } from './rule.ts';

const MOST = 63;
/** A Job of a JobSink is named after it, with an MD5 behind. */
const MD5 = 32;
/** Pods have their Job's name and six characters more; revisions `-00001` and those of a ReplicaSet. */
const REVISION = 6;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

const room: Readonly<Record<string, number>> = {
  JobSink: MOST - MD5,
  'serving.knative.dev/v1/Service': MOST - REVISION,
  Trigger: MOST,
  Broker: MOST,
};

/** Names become hosts and labels: 63 characters, no dots; less where Knative puts something behind. */
export const nameRule: Rule = ({ apiVersion, kind, metadata: { name } }) => {
  const most = room[`${apiVersion}/${kind}`] ?? (kind === 'Service' ? MOST : room[kind]);
  if (most === undefined) return [];
  return [
    ...(name.length > most
      ? [`metadata.name: "${name}" has ${name.length} characters; at most ${most}`]
      : []),
    ...(LABEL.test(name) ? [] : [`metadata.name: "${name}" must be lower case with dashes, and no dots`]),
  ];
};
