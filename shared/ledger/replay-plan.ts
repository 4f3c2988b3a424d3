/** A delivery of the run that is replayed. */
export interface OldDelivery {
  readonly id: string;
  readonly function: string;
  readonly key: string | null;
  readonly state: string;
  /**
   * Frozen inputs, or the one event. What a replay kept took them from its old run: here stand those of this run that
   * came in their place, as far as they came.
   */
  readonly inputs: readonly string[];
  /** It wrote rows with its commit, or its function acts outside. */
  readonly acted: boolean;
  /** Its function stands in events.yaml. */
  readonly active: boolean;
}

export interface OldEvent {
  readonly id: string;
  readonly cause: string | null;
  /** The flow's completed or failed event: it follows from everything. */
  readonly settles: boolean;
}

/** What a replay does with each delivery and event of the old run. */
export interface ReplayPlan {
  /** Due at once: the replayed step, and what never came to its end. */
  readonly due: readonly OldDelivery[];
  /** Copied with their results. */
  readonly copied: readonly OldDelivery[];
  /** Descends from the replayed step: will be made again by the flow. */
  readonly again: readonly OldDelivery[];
  readonly events: readonly string[];
  /** Functions whose results are kept although they descend. */
  readonly kept: readonly string[];
}

/**
 * Decides what descends from the step `from` (of part `key`, or of all), by following events to the deliveries that
 * took them. Functions that acted keep their results unless they are the step itself or named in `redo`.
 */
export function planReplay(request: {
  deliveries: readonly OldDelivery[];
  events: readonly OldEvent[];
  from: string;
  key?: string | undefined;
  redo: readonly string[];
}): ReplayPlan {
  const { deliveries, events, from, key, redo } = request;
  const isRoot = (one: OldDelivery): boolean =>
    one.function === from && (key === undefined || one.key === key);
  const acted = new Set(
    deliveries
      .filter(
        (one) => one.acted && one.state === 'done' && one.function !== from && !redo.includes(one.function),
      )
      .map((one) => one.function),
  );
  const causes = Map.groupBy(events, ({ cause }) => cause);
  const takers = new Map<string, OldDelivery[]>();
  for (const one of deliveries) {
    for (const id of one.inputs) takers.set(id, [...(takers.get(id) ?? []), one]);
  }
  const made = new Set<string>();
  const gone = new Set<string>();
  const here = new Set(events.map(({ id }) => id));
  // The result of another run: this one never came so far.
  const isBorrowed = (one: OldDelivery): boolean => !one.inputs.every((id) => here.has(id));
  const roots = deliveries.filter((one) => isRoot(one) && !isBorrowed(one));
  const borrowed = deliveries.filter(
    (one) => isBorrowed(one) && (one.function === from || redo.includes(one.function)),
  );
  const unfinished = (one: OldDelivery): boolean =>
    (one.state === 'dead' || one.state === 'cancelled') && one.active && !acted.has(one.function);
  const restarted = deliveries.filter((one) => !isRoot(one) && unfinished(one));
  for (const { id } of borrowed) made.add(id);
  const queue = [
    ...[...roots, ...borrowed].flatMap(({ id }) => causes.get(id) ?? []),
    ...events.filter(({ settles }) => settles),
  ];
  for (let event = queue.pop(); event !== undefined; event = queue.pop()) {
    if (gone.has(event.id)) continue;
    gone.add(event.id);
    for (const taker of takers.get(event.id) ?? []) {
      if (roots.includes(taker) || acted.has(taker.function) || made.has(taker.id)) continue;
      made.add(taker.id);
      queue.push(...(causes.get(taker.id) ?? []));
    }
  }
  const due = [...roots, ...restarted.filter(({ id }) => !made.has(id))];
  const dueIds = new Set(due.map(({ id }) => id));
  const again = deliveries.filter(({ id }) => made.has(id));
  return {
    due,
    again,
    copied: deliveries.filter(({ id }) => !made.has(id) && !dueIds.has(id)),
    events: events.filter(({ id }) => !gone.has(id)).map(({ id }) => id),
    kept: [...acted].sort(),
  };
}
