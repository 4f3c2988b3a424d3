import { readInstance } from '../data-folder/index.ts';
import type { Check } from './check.ts';

/** No other platform works on the data folder. */
export const instanceCheck: Check = async ({ config }) => {
  const other = await readInstance(config.dataDir);
  if (other === undefined || other.pid === process.pid) return { ok: true, note: '' };
  return {
    ok: false,
    problem:
      `Another Millrace (process ${other.pid}, "${other.command}") works on ${config.dataDir}` +
      `${other.url === undefined ? '' : ` and answers at ${other.url}`}.`,
    remedy: `Use that one, stop it (kill ${other.pid}), or give this one a folder of its own: DATA_DIR=./data2 PORT=8081 npm start`,
  };
};
