import { join } from 'node:path';
import { loadConfig } from '#shared/config';
import { version } from '../../platform/version.ts';
import { tokenPath } from '../data-folder/index.ts';
import { preflight } from '../preflight/index.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type OwnPlatform, runPlatform } from './run-platform.ts';
import type { Terminal } from './terminal.ts';

/** `millrace start`: leaves the platform running until Ctrl-C. */
export async function start({ terminal }: { terminal: Terminal }): Promise<void> {
  const config = loadConfig();
  const interrupt = listenForInterrupt({
    terminal,
    message: 'Stopping. Steps that run now are taken up at the next start. Ctrl-C again stops at once.',
  });
  const notes = await preflight(config);
  terminal.say(terminal.dim(`Checked: ${notes.join(', ')}.`));
  const platform = await runPlatform({
    config,
    command: 'start',
    log: terminal.isInteractive ? 'file' : 'stderr',
    signal: interrupt.signal,
  });
  try {
    sayReady({ terminal, platform, dataDir: config.dataDir, sendsMail: config.mail.smtpUrl !== undefined });
    await Promise.race([interrupt.requested, platform.failed]);
  } finally {
    await platform.stop();
    interrupt.dispose();
  }
  terminal.say('Stopped.');
}

function sayReady(ready: {
  terminal: Terminal;
  platform: OwnPlatform;
  dataDir: string;
  sendsMail: boolean;
}): void {
  const { terminal, platform, dataDir, sendsMail } = ready;
  const { url } = platform;
  const seconds = performance.now() / 1000;
  terminal.say(`${terminal.bold(`Millrace ${version}`)} is ready at ${url} (${seconds.toFixed(1)} s)`);
  terminal.say();
  terminal.say(`  Start page  ${url}/`);
  terminal.say(`  Documents   ${url}/docs and ${url}/openapi.json`);
  terminal.say(`  Data        ${dataDir}`);
  if (!sendsMail)
    terminal.say(`  Mails       ${join(dataDir, 'mail')} (sent to nobody; with SMTP_URL they are)`);
  terminal.say(
    `  Token       ${tokenPath(dataDir)} (for you alone; more with: npx millrace token --owner alice)`,
  );
  // A token in a collected log would be a secret in a collected log.
  if (terminal.isInteractive) terminal.say(`              ${platform.token}`);
  if (platform.logPath !== undefined) terminal.say(`  Log         ${platform.logPath}`);
  terminal.say();
  terminal.say('  A first video:');
  terminal.say(
    `    curl -X POST ${url}/api/pipelines -H "Authorization: Bearer $(cat '${tokenPath(dataDir)}')" \\`,
  );
  terminal.say(`      -H 'Content-Type: application/json' -d '{"topic":"Why octopuses have three hearts"}'`);
  terminal.say();
  terminal.say('  Ctrl-C stops.');
}
