import type { UrlSigner } from '#shared/auth';
import type { Clock } from '#shared/function';
import { notFound } from '#shared/http';
import type { ArtifactView, DeliveryView, Ledger, RunView } from '#shared/ledger';
import type { Topology } from '#shared/topology';
import type { ReadResult } from '../calls/results.ts';
import type { Pipeline } from '../schemas/pipeline.ts';
import { artifactOf, latestArtifacts } from './artifact-view.ts';
import { type FlowStep, stepsOfFlow } from './flow-steps.ts';
import { pipelineOf } from './pipeline-view.ts';
import { createProgressGauge, type ProgressGauge } from './progress.ts';
import { stepsOf } from './step-view.ts';

/** What only a commit of the run changes. */
export interface Committed {
  readonly artifacts: readonly ArtifactView[];
  readonly promises: readonly { readonly name: string; readonly keys: readonly string[] }[];
  /** Of a single call that is done. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
}

/** Reads runs of all flows as pipelines. */
export interface PipelineReader {
  /** The caller's own run. @throws HttpProblem 404 for a missing one, someone else's, and an id that is none. */
  own(request: { id: string; account: string }): Promise<RunView>;
  /** Order is kept. */
  read(runs: readonly RunView[]): Promise<Pipeline[]>;
  committed(run: RunView): Promise<Committed>;
  /** The steps of the run's flow. */
  steps(run: RunView): readonly FlowStep[];
  view(run: RunView, deliveries: readonly DeliveryView[], committed: Committed): Promise<Pipeline>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createPipelineReader({
  ledger,
  topology,
  signer,
  clock,
  result,
}: {
  ledger: Ledger;
  topology: Topology;
  signer: UrlSigner;
  clock: Clock;
  result: ReadResult;
}): PipelineReader {
  const flows = new Map(
    Object.keys(topology.flows).map(
      (name): [string, { steps: readonly FlowStep[]; gauge: ProgressGauge }] => {
        const steps = stepsOfFlow(topology, name);
        return [name, { steps, gauge: createProgressGauge(steps) }];
      },
    ),
  );
  const none = { steps: [], gauge: createProgressGauge([]) };

  async function committed(run: RunView): Promise<Committed> {
    const { id } = run;
    const [artifacts, promises] = await Promise.all([ledger.artifactsOf(id), ledger.promisesOf(id)]);
    return { artifacts, promises, result: await result(run) };
  }

  async function view(run: RunView, deliveries: readonly DeliveryView[], made: Committed): Promise<Pipeline> {
    const { steps: flow, gauge } = flows.get(run.flow) ?? none;
    const steps = stepsOf({ flow, run, deliveries, promises: made.promises });
    const artifacts = await Promise.all(
      latestArtifacts(made.artifacts).map((artifact) => artifactOf({ run: run.id, artifact, signer, clock })),
    );
    const progress = gauge.read({ id: run.id, state: run.state, steps });
    return pipelineOf({ run, deliveries, steps, artifacts, progress, result: made.result });
  }

  return {
    committed,
    view,
    steps: (run) => (flows.get(run.flow) ?? none).steps,

    async own({ id, account }) {
      const run = UUID.test(id) ? await ledger.getRun(id) : undefined;
      if (run === undefined || run.owner !== account || !flows.has(run.flow)) throw notFound('such pipeline');
      return run;
    },

    async read(runs) {
      const deliveries = Map.groupBy(await ledger.deliveriesOf(runs.map(({ id }) => id)), ({ run }) => run);
      const pipelines: Pipeline[] = [];
      // One after the other: a page of a list must not take the whole pool.
      for (const run of runs) {
        pipelines.push(await view(run, deliveries.get(run.id) ?? [], await committed(run)));
      }
      return pipelines;
    },
  };
}
