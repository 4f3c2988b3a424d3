import { MillraceError } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import type { Ledger, RunState, RunView } from '#shared/ledger';
import type { Pipeline, PipelineStatus } from '../schemas/pipeline.ts';
import { videoFlows } from './flow-steps.ts';
import type { PipelineReader } from './pipeline-reader.ts';

/** How often a page is read on, when the ledger's state holds more than the status asked for. */
const MAX_READS = 10;

/**
 * One page of an account's pipelines. The ledger knows `running`, which here is queued or running, so those that
 * are not asked for are left out and the page is filled from what follows.
 *
 * @throws HttpProblem 400 for a cursor that no list gave
 */
export async function listPage({
  ledger,
  reader,
  account,
  flow,
  status,
  label,
  limit,
  cursor,
}: {
  ledger: Ledger;
  reader: PipelineReader;
  account: string;
  flow?: string | undefined;
  status?: PipelineStatus | undefined;
  label?: [string, string] | undefined;
  limit: number;
  cursor?: string | undefined;
}): Promise<{ pipelines: Pipeline[]; cursor: string | undefined }> {
  const pipelines: Pipeline[] = [];
  let before = cursor;
  for (let read = 0; read < MAX_READS; read++) {
    const page = await listRuns(ledger, {
      owner: account,
      flow: flow ?? videoFlows,
      ...(status === undefined ? {} : { state: stateOf(status) }),
      ...(label === undefined ? {} : { label }),
      ...(before === undefined ? {} : { before }),
      limit: limit - pipelines.length,
    });
    const views = await reader.read(page.runs);
    pipelines.push(...views.filter((pipeline) => status === undefined || pipeline.status === status));
    before = page.next;
    if (before === undefined || pipelines.length >= limit) break;
  }
  return { pipelines, cursor: before };
}

/** A page of runs. @throws HttpProblem 400 for a cursor that no list gave */
export async function listRuns(
  ledger: Ledger,
  query: Parameters<Ledger['listRuns']>[0],
): Promise<{ runs: RunView[]; next?: string }> {
  try {
    return await ledger.listRuns(query);
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'cursor-invalid') throw error;
    const { message } = error;
    throw new HttpProblem({
      status: 400,
      code: 'request-invalid',
      detail: message,
      errors: [{ field: 'query.cursor', message }],
    });
  }
}

function stateOf(status: PipelineStatus): RunState {
  return status === 'queued' ? 'running' : status;
}
