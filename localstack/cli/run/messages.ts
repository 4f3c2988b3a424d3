import type { Failure } from '#shared/errors';
import type { PortSettings } from '#shared/ports';
import type { StoreSettings } from '#shared/storage';
import type { TopologyFunction } from '#shared/topology';

/** An event as a file holds it. In its payload `{ "file": "script.json" }` stands for an artifact. */
export interface GivenEvent {
  readonly type: string;
  readonly key?: string | undefined;
  readonly data: unknown;
}

/** What the process that runs one function is told. Secrets travel here, never in arguments or environment. */
export interface FunctionTask {
  readonly fn: TopologyFunction;
  readonly events: readonly GivenEvent[];
  readonly key: string | undefined;
  readonly title: string;
  readonly timeoutMs: number;
  /** For its objects and its private folder; removed by the one who made it. */
  readonly scratch: string;
  /** Objects that the events may name by key: those of DATA_DIR. */
  readonly artifacts: StoreSettings;
  /** Where finished files go; undefined: nowhere. */
  readonly out: string | undefined;
  readonly ports: PortSettings;
}

export type ToFunction =
  | { readonly kind: 'task'; readonly task: FunctionTask }
  | { readonly kind: 'abort'; readonly failure: Failure };

export type FromFunction =
  | { readonly kind: 'progress'; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: 'done'; readonly result: FunctionResult }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly stack: string | undefined };

export interface FunctionResult {
  /** What its commit would publish. */
  readonly events: readonly GivenEvent[];
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly reply: unknown;
  /** It has a `write(tx)`, which only a ledger can run. */
  readonly hasWrite: boolean;
}
