import type { UrlSigner } from '#shared/auth';
import type { Clock } from '#shared/function';
import { notFound } from '#shared/http';
import type { ArtifactView, DeliveryView, Ledger, RunView } from '#shared/ledger';
import type { Topology } from '#shared/topology';
import type { Pipeline } from '../schemas/pipeline.ts';
import { artifactOf, latestArtifacts } from './artifact-view.ts';
import { stepsOfFlow, videoFlow } from './flow-steps.ts';
import { pipelineOf } from './pipeline-view.ts';
import { createProgressGauge } from './progress.ts';
import { stepsOf } from './step-view.ts';

/** What only a commit of the run changes. */
export interface Committed {
  readonly artifacts: readonly ArtifactView[];
  readonly promises: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

/** Reads runs of the video flow as pipelines. */
export interface PipelineReader {
  /** The caller's own run. @throws HttpProblem 404 for a missing one, someone else's, and an id that is none. */
  own(request: { id: string; account: string }): Promise<RunView>;
  /** Order is kept. */
  read(runs: readonly RunView[]): Promise<Pipeline[]>;
  committed(run: string): Promise<Committed>;
  view(run: RunView, deliveries: readonly DeliveryView[], committed: Committed): Promise<Pipeline>;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createPipelineReader({
  ledger,
  topology,
  signer,
  clock,
}: {
  ledger: Ledger;
  topology: Topology;
  signer: UrlSigner;
  clock: Clock;
}): PipelineReader {
  const flow = stepsOfFlow(topology);
  const gauge = createProgressGauge(flow);

  async function committed(run: string): Promise<Committed> {
    const [artifacts, promises] = await Promise.all([ledger.artifactsOf(run), ledger.promisesOf(run)]);
    return { artifacts, promises };
  }

  async function view(run: RunView, deliveries: readonly DeliveryView[], made: Committed): Promise<Pipeline> {
    const steps = stepsOf({ flow, run, deliveries, promises: made.promises });
    const artifacts = await Promise.all(
      latestArtifacts(made.artifacts).map((artifact) => artifactOf({ run: run.id, artifact, signer, clock })),
    );
    const progress = gauge.read({ id: run.id, state: run.state, steps });
    return pipelineOf({ run, deliveries, steps, artifacts, progress });
  }

  return {
    committed,
    view,

    async own({ id, account }) {
      const run = uuid.test(id) ? await ledger.getRun(id) : undefined;
      if (run === undefined || run.owner !== account || run.flow !== videoFlow)
        throw notFound('such pipeline');
      return run;
    },

    async read(runs) {
      const deliveries = Map.groupBy(await ledger.deliveriesOf(runs.map(({ id }) => id)), ({ run }) => run);
      const pipelines: Pipeline[] = [];
      // One after the other: a page of a list must not take the whole pool.
      for (const run of runs) {
        pipelines.push(await view(run, deliveries.get(run.id) ?? [], await committed(run.id)));
      }
      return pipelines;
    },
  };
}
