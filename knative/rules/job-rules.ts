import { at, list, type Rule, record } from './rule.ts';

const JOB = 'spec.job.spec';

/** What the webhook of JobSinks refuses, and what a Job of ours must say: it never retries, it ends, it goes. */
export const jobRule: Rule = (object) => {
  if (object.kind !== 'JobSink') return [];
  const job = record(at(object, JOB));
  const pod = record(at(job, 'template.spec'));
  const unknown = Object.keys(record(object.spec)).filter((word) => word !== 'job');
  return [
    ...unknown.map((word) => `spec.${word}: is not known`),
    ...(['Never', 'OnFailure'].includes(String(pod.restartPolicy))
      ? []
      : [`${JOB}.template.spec.restartPolicy: "${pod.restartPolicy}" must be Never`]),
    ...(job.backoffLimit === 0 ? [] : [`${JOB}.backoffLimit: must be 0; retries are the ledger's`]),
    ...['activeDeadlineSeconds', 'ttlSecondsAfterFinished']
      .filter((word) => !(Number(job[word]) > 0))
      .map((word) => `${JOB}.${word}: is missing`),
    ...list(pod.containers)
      .flatMap((container) => list(record(container).env))
      .map((entry) => String(record(entry).name))
      .filter((name) => name.startsWith('K_'))
      .map((name) => `${JOB}.template.spec.containers.env: ${name} is set by the JobSink`),
  ];
};
