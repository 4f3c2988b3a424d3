import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { type EventType, eventCatalogue } from '#shared/events';
import type { Profile, Topology, TopologyFunction, Trigger } from '#shared/topology';
import { inProject } from './project.ts';

/** What a function says of itself. */
const definition = z.object({ default: z.object({ name: z.string(), summary: z.string() }) });

/** The catalogue of functions as a page: what each is for, what wakes it, what it gives, within which limits. */
export async function functionsPage(topology: Topology): Promise<string> {
  const functions = await Promise.all(
    [...topology.functions, ...(topology.commands ?? [])].map(async (one) => ({
      one,
      summary: await summaryOf(one),
    })),
  );
  const table = functions.map(
    ({ one, summary }) => `| [${one.name}](#${one.name}) | ${summary} | ${one.area} | ${one.profile} |`,
  );
  return [
    '<!-- Generated from events.yaml, the event catalogue and the functions: npm run generate -->',
    '# Functions',
    '',
    'Every capability of the platform. Payloads are the examples of the event catalogue (`shared/events`).',
    '',
    '| function | what it does | area | profile |',
    '|---|---|---|---|',
    ...table,
    '',
    '## Profiles',
    '',
    '| profile | runs as | CPU | memory | time limit | at once in a host | attempts |',
    '|---|---|---|---|---|---|---|',
    ...Object.entries(topology.profiles).map(([name, profile]) => profileRow(name, profile)),
    '',
    ...functions.flatMap(({ one, summary }) => section(one, summary)),
  ].join('\n');
}

async function summaryOf({ area, name }: TopologyFunction): Promise<string> {
  const path = inProject('functions', area, name, 'function.ts');
  if (!existsSync(path)) {
    throw new Permanent(
      'function-missing',
      `functions/${area}/${name}/function.ts: is missing, but in events.yaml`,
    );
  }
  return definition.parse(await import(pathToFileURL(path).href)).default.summary;
}

function profileRow(name: string, profile: Profile): string {
  const memory = `${Math.round(profile.memoryBytes / 2 ** 20)} MiB`;
  const seconds = `${profile.timeoutMs / 1000} s`;
  return `| ${name} | ${profile.run} | ${profile.cpu} | ${memory} | ${seconds} | ${profile.concurrency} | ${profile.attempts} |`;
}

function section(one: TopologyFunction, summary: string): readonly string[] {
  const given = [...new Set([...one.emits, ...Object.values(one.puts)])];
  const taken = [...new Set(one.triggers.flatMap(types))];
  const stores = Object.keys(one.puts).map((name) => `\`${name}\``);
  return [
    `## ${one.name}`,
    '',
    summary,
    '',
    one.command === undefined
      ? `- Wakes on: ${one.triggers.map(triggerWords).join('; or ')}`
      : `- Answers the command \`${one.command}\` within the request`,
    `- Gives: ${given.map((type) => `\`${type}\``).join(', ') || 'nothing'}`,
    ...(stores.length === 0 ? [] : [`- Stores: ${stores.join(', ')}`]),
    ...(one.promises === undefined ? [] : [`- Promises the parts of: ${one.promises}`]),
    `- Profile: ${one.profile}`,
    '',
    ...taken.slice(0, 1).flatMap((type) => example('In', type)),
    ...given.slice(0, 1).flatMap((type) => example('Out', type)),
  ];
}

function example(label: string, type: EventType): readonly string[] {
  const payload = JSON.stringify(eventCatalogue[type].example, undefined, 2);
  return [`${label}, \`${type}\`:`, '', '```json', payload, '```', ''];
}

function triggerWords(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'event':
      return `\`${trigger.type}\``;
    case 'schedule':
      return `the schedule \`${trigger.cron}\` (${trigger.zone})${
        trigger.when === undefined ? '' : `, where \`${trigger.when}()\` says yes`
      }`;
    case 'all': {
      const all = trigger.types.map((type) => `\`${type}\``).join(' and ');
      return trigger.each === undefined ? `${all}, once all are there` : `${all}, for each ${trigger.each}`;
    }
    case 'each-of':
      return `every \`${trigger.type}\` that \`${trigger.of}\` promised`;
  }
}

function types(trigger: Trigger): readonly EventType[] {
  switch (trigger.kind) {
    case 'event':
    case 'each-of':
      return [trigger.type];
    case 'schedule':
      return [];
    case 'all':
      return trigger.types;
  }
}
