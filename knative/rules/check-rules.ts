import { Permanent } from '#shared/errors';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { brokerRule, triggerRule } from './event-rules.ts';
import { jobRule } from './job-rules.ts';
import { nameRule } from './name-rules.ts';
import { podRule } from './pod-rules.ts';
import type { Rule } from './rule.ts';
import { serviceRule } from './service-rules.ts';

const all: readonly Rule[] = [nameRule, serviceRule, brokerRule, triggerRule, jobRule, podRule];

/** What is wrong with an object, each as `path: what`. */
export function brokenRules(object: KubernetesObject): readonly string[] {
  return all.flatMap((rule) => rule(object));
}

/** @throws Permanent `cluster-refuses`, naming file, object, path and rule */
export function checkRules(file: string, objects: readonly KubernetesObject[]): void {
  const found = objects.flatMap((object) =>
    brokenRules(object).map(
      (what) => `knative/generated/${file}: ${object.kind} ${object.metadata.name}: ${what}`,
    ),
  );
  if (found.length > 0) throw new Permanent('cluster-refuses', found.join('\n'));
}
