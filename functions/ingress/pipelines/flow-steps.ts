import { nearestWord } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { HttpProblem, quote } from '#shared/http';
import {
  flowFunctions,
  type Profile,
  type Topology,
  type TopologyFunction,
  type Trigger,
} from '#shared/topology';

/** The flow that this front door opens for a topic or a text. */
export const VIDEO_FLOW = 'video';

/** Flows whose runs are videos from the beginning to the end; lists show these. */
export const videoFlows: readonly string[] = [VIDEO_FLOW, 'dropped-video'];

/** One step of a flow, as readers need it. */
export interface FlowStep {
  readonly name: string;
  /** Name of the promise whose keys are its parts (`scene`); absent when it works once for a run. */
  readonly partsOf: string | undefined;
  /** Its share of the whole, without a unit. */
  readonly weight: number;
}

/** The steps of a flow, in its order. */
export function stepsOfFlow(topology: Topology, flow: string): readonly FlowStep[] {
  return flowFunctions(topology, flow).map((fn) => ({
    name: fn.name,
    partsOf: partsOf(fn),
    weight: weightOf(topology.profiles[fn.profile]),
  }));
}

/** What is answered for a step that the flow has not: the nearest that it has, or all of them. */
export function noSuchStep(step: string, names: readonly string[]): HttpProblem {
  const nearest = nearestWord(step, names);
  const hint = nearest === undefined ? `The steps are ${names.join(', ')}.` : `Did you mean "${nearest}"?`;
  return new HttpProblem({
    status: 404,
    code: 'not-found',
    detail: `There is no step ${quote(step)} in this pipeline. ${hint}`,
    errors: [{ field: 'path.step', message: hint, limit: names }],
  });
}

function partsOf(fn: TopologyFunction): string | undefined {
  return fn.triggers.map(keyOf).find((key) => key !== undefined);
}

function keyOf(trigger: Trigger): string | undefined {
  switch (trigger.kind) {
    case 'event': {
      const definition = eventCatalogue[trigger.type];
      return 'key' in definition ? definition.key : undefined;
    }
    case 'all':
      return trigger.each;
    case 'each-of':
    case 'schedule':
      return undefined;
  }
}

/**
 * The heavier the work that a profile allows (CPUs × time limit), the larger the share of the whole. The square
 * root, because limits lie the further above the usual the larger they are.
 */
function weightOf(profile: Profile | undefined): number {
  if (profile === undefined) return 1;
  const cpus = profile.cpu.endsWith('m')
    ? Number.parseFloat(profile.cpu) / 1000
    : Number.parseFloat(profile.cpu);
  return Math.sqrt(Math.max(0.01, cpus) * (profile.timeoutMs / 60_000));
}
