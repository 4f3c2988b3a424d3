import { Permanent } from '#shared/errors';
import { type EventData, type EventType, eventCatalogue, isEventType } from '#shared/events';
import type { FunctionDefinition, FunctionInput, ReceivedEvent } from '#shared/function';
import type { Claim } from '#shared/ledger';

/** What a claimed delivery looks like to its handler; every payload is checked against its schema. */
export function functionInput(claim: Claim, definition: FunctionDefinition): FunctionInput<EventType> {
  const received = claim.events.map((event) => receive(event, definition));
  const all = <Type extends EventType>(type: Type): readonly ReceivedEvent<Type>[] =>
    received
      .filter((event): event is ReceivedEvent<Type> => event.type === type)
      .sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  return {
    run: { id: claim.run, owner: claim.owner, title: claim.title },
    delivery: { id: claim.id, attempt: claim.attempts + 1, key: claim.key ?? undefined },
    all,
    one: (type) => {
      const [first] = all(type);
      if (first === undefined) {
        throw new Permanent(
          'event-missing',
          `The delivery of ${claim.function} came without a "${type}" event.`,
        );
      }
      return first;
    },
  };
}

function receive(event: Claim['events'][number], definition: FunctionDefinition): ReceivedEvent {
  const { type } = event;
  if (!isEventType(type) || !definition.consumes.includes(type)) {
    throw new Permanent('event-unexpected', `${definition.name} does not consume events of type "${type}".`);
  }
  const parsed = eventCatalogue[type].data.safeParse(event.data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new Permanent(
      'event-invalid',
      `"${type}" is not valid at "${field}": ${issue?.message ?? 'unknown'}.`,
      {
        field,
      },
    );
  }
  return { id: event.id, type, key: event.key ?? undefined, data: parsed.data as EventData<typeof type> };
}
