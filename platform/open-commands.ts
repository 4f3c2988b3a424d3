import { type Accounts, createAccounts, createGuesses } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { Permanent } from '#shared/errors';
import { createFollowing, type Following } from '#shared/following';
import type { Clock, CommandDefinition } from '#shared/function';
import { type Commands, createLocalCommands } from '#shared/host';
import { createCommandLedger } from '#shared/ledger';
import { createPasswords } from '#shared/passwords';
import type { Log, Tracing } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import answerFollower from '../functions/social/answer-follower/function.ts';
import blockUser from '../functions/social/block-user/function.ts';
import deleteUser from '../functions/social/delete-user/function.ts';
import followUser from '../functions/social/follow-user/function.ts';
import loginUser from '../functions/social/login-user/function.ts';
import logoutUser from '../functions/social/logout-user/function.ts';
import muteUser from '../functions/social/mute-user/function.ts';
import refreshSession from '../functions/social/refresh-session/function.ts';
import registerUser from '../functions/social/register-user/function.ts';
import removeFollower from '../functions/social/remove-follower/function.ts';
import revokeSession from '../functions/social/revoke-session/function.ts';
import unblockUser from '../functions/social/unblock-user/function.ts';
import unfollowUser from '../functions/social/unfollow-user/function.ts';
import unmuteUser from '../functions/social/unmute-user/function.ts';
import updateProfile from '../functions/social/update-profile/function.ts';

/** Their schemas differ; the host checks each command's data by its own. */
const definitions = [
  deleteUser,
  loginUser,
  logoutUser,
  refreshSession,
  registerUser,
  revokeSession,
  updateProfile,
  answerFollower,
  blockUser,
  followUser,
  muteUser,
  removeFollower,
  unblockUser,
  unfollowUser,
  unmuteUser,
] as unknown as readonly CommandDefinition[];

/**
 * Hosts every command of `events.yaml` in this process: whoever waits for an answer waits for no second process.
 *
 * @throws Permanent `command-missing`
 */
export function openCommands(options: {
  pool: Pool;
  topology: Topology;
  wake: (lanes: readonly string[]) => void;
  clock: Clock;
  log: Log;
  tracing: Tracing;
}): { commands: Commands; accounts: Accounts; following: Following } {
  const { pool, topology, wake, clock, log, tracing } = options;
  const accounts = createAccounts({ pool });
  const commands = createLocalCommands({
    commands: (topology.commands ?? []).map((fn) => {
      const definition = definitions.find(({ name }) => name === fn.name);
      if (definition === undefined || definition.command.type !== fn.command)
        throw new Permanent(
          'command-missing',
          `platform/open-commands.ts must list ${fn.area}/${fn.name}, which answers "${fn.command}" in events.yaml.`,
        );
      return { definition, topology: fn, timeoutMs: topology.profiles[fn.profile]?.timeoutMs ?? 30_000 };
    }),
    ledger: createCommandLedger({ pool, source: topology.source, wake }),
    ports: { accounts, guesses: createGuesses({ pool }), passwords: createPasswords() },
    clock,
    random: { next: Math.random },
    log,
    tracing,
  });
  return { commands, accounts, following: createFollowing({ pool }) };
}
