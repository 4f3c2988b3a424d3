import type { EventType } from '#shared/events';
import { flowFunctions, type Topology, type Trigger } from '#shared/topology';

/** A flow as a Mermaid diagram: functions are boxes, events the arrows between them, joins are thick. */
export function flowDiagram(topology: Topology, name: string): string {
  const flow = topology.flows[name];
  if (flow === undefined) return '';
  const functions = flowFunctions(topology, name);
  const producers = (type: EventType): readonly string[] =>
    functions
      .filter(({ emits, puts }) => emits.includes(type) || Object.values(puts).includes(type))
      .map((producer) => box(producer.name));
  const lines = [
    'flowchart TD',
    `  start(["${flow.starts.join(' + ')}"])`,
    ...functions.map((one) => `  ${box(one.name)}["${one.name}"]`),
    `  ended(["${flow.completed} or ${flow.failed}"])`,
  ];
  for (const one of functions) {
    for (const { type, label, isJoin } of one.triggers.flatMap(arrows)) {
      const isFirst = flow.starts.includes(type);
      const from = isFirst ? ['start'] : producers(type);
      const words = isFirst ? '' : `|"${label}"|`;
      for (const source of from) lines.push(`  ${source} ${isJoin ? '==>' : '-->'}${words} ${box(one.name)}`);
    }
  }
  const consumed = new Set(
    functions.flatMap(({ triggers }) => triggers.flatMap(arrows)).map(({ type }) => type),
  );
  for (const { name: last, emits, puts } of functions) {
    const ends = [...emits, ...Object.values(puts)].filter((type) => !consumed.has(type));
    for (const type of ends) lines.push(`  ${box(last)} -->|"${type}"| ended`);
  }
  return lines.join('\n');
}

interface Arrow {
  readonly type: EventType;
  readonly label: string;
  readonly isJoin: boolean;
}

function arrows(trigger: Trigger): readonly Arrow[] {
  switch (trigger.kind) {
    case 'event':
      return [{ type: trigger.type, label: trigger.type, isJoin: false }];
    case 'schedule':
      return [];
    case 'all':
      return trigger.types.map((type) => ({ type, label: type, isJoin: true }));
    case 'each-of':
      return [{ type: trigger.type, label: `every ${trigger.type}`, isJoin: true }];
  }
}

/** Mermaid takes no dash in a name. */
const box = (name: string) => name.replaceAll('-', '_');
