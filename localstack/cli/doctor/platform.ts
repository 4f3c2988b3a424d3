import { findPortHolder, portCheck, settle } from '../../preflight/index.ts';
import { type Examination, fromStart } from './finding.ts';

const ANSWER_MS = 5_000;

/** The platform of this data folder, if one runs, says that it is ready. */
export const platform: Examination = {
  subject: 'platform',
  look: async ({ config, instance }) => {
    if (instance === undefined) return [{ state: 'fit', says: `none runs on ${config.dataDir} now` }];
    const who = `process ${instance.pid} ("${instance.command}")`;
    if (instance.url === undefined) {
      return [
        { state: 'advice', says: `${who} is starting or stopping`, remedy: 'Look again in a few seconds.' },
      ];
    }
    const problem = await notReady(`${instance.url}/ready`);
    if (problem === undefined) return [{ state: 'fit', says: `${who} is ready at ${instance.url}` }];
    return [
      {
        state: 'fault',
        says: `${who} holds ${config.dataDir}, but ${instance.url}/ready ${problem}`,
        remedy: `Stop it (kill ${instance.pid}) and start again: npm start`,
      },
    ];
  },
};

/** The port is free, or our own platform's. */
export const port: Examination = {
  subject: 'port',
  look: async ({ config, instance, signal }) => {
    const ours = instance?.url !== undefined && Number(new URL(instance.url).port) === config.port;
    if (ours) return [{ state: 'fit', says: `port ${config.port} is the platform's` }];
    const found = fromStart(await settle(portCheck, config, signal));
    if (instance === undefined || found[0]?.state !== 'fault') return found;
    const holder = await findPortHolder(config.port);
    const says = `port ${config.port} is taken${holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`}`;
    return [{ state: 'advice', says, remedy: 'The platform runs on another port; set PORT to that one.' }];
  },
};

async function notReady(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const text = (await answer.text()).slice(0, 300);
    return answer.ok ? undefined : `answers ${answer.status}: ${text}`;
  } catch (error) {
    const isSlow = error instanceof Error && error.name === 'TimeoutError';
    return isSlow ? `did not answer within ${ANSWER_MS / 1000} s` : 'cannot be reached';
  }
}
