/**
 * Gathers what comes in one turn of the event loop, and while earlier batches are on their way, into batches.
 *
 * @param send never rejects
 */
export function gather<Item>(options: {
  /** Items of one batch. */
  readonly most: number;
  /** Batches on their way at a time. */
  readonly underWay: number;
  readonly send: (batch: readonly Item[]) => Promise<void>;
}): (item: Item) => void {
  const { most, send } = options;
  const queue: Item[] = [];
  let underWay = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || underWay >= options.underWay || queue.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const batch = queue.splice(0, most);
      if (batch.length === 0) return;
      underWay += 1;
      void send(batch).finally(() => {
        underWay -= 1;
        schedule();
      });
      schedule();
    });
  }

  return (item) => {
    queue.push(item);
    schedule();
  };
}
