import { readFile } from 'node:fs/promises';
import type { HouseCheck } from '../check.ts';
import { inProject } from '../project.ts';
import { type ApiContracts, compareApi, compareEvents, type EventContracts } from './contracts.ts';
import { presentApi, presentEvents } from './present.ts';

export const EVENTS_PATH = 'docs/contracts/events.json';
export const API_PATH = 'docs/contracts/api.json';

/** What was published stays as it was promised; additions are free. `npm run contracts` publishes, at a release. */
export const contractsCheck: HouseCheck = {
  name: 'published events and API are kept',
  run: () => brokenContracts(),
};

/** What the present breaks of what was published; nothing was published where the files are not there. */
export async function brokenContracts(): Promise<readonly string[]> {
  const events = await read<EventContracts>(EVENTS_PATH);
  const api = await read<ApiContracts>(API_PATH);
  return [...compareEvents(events, presentEvents()), ...compareApi(api, await presentApi())];
}

async function read<Contracts extends object>(path: string): Promise<Contracts> {
  const text = await readFile(inProject(path), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Contracts;
}
