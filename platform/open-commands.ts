import {
  type Accounts,
  createAccounts,
  createGuesses,
  createOpenSessions,
  type OpenSessions,
} from '#shared/accounts';
import { type Calendars, createCalendars } from '#shared/calendars';
import { type Conversations, createConversations } from '#shared/conversations';
import type { Pool } from '#shared/database';
import { Permanent } from '#shared/errors';
import { createFollowing, type Following } from '#shared/following';
import type { Clock, CommandDefinition } from '#shared/function';
import { createGatherings, type Gatherings } from '#shared/gatherings';
import { type Commands, createLocalCommands } from '#shared/host';
import { createCommandLedger } from '#shared/ledger';
import { createNotifications, type Notifications } from '#shared/notifications';
import type { Outbound } from '#shared/outbound';
import { createPasswords } from '#shared/passwords';
import { createPictures, type Pictures } from '#shared/pictures';
import { createFeed, createPosts, type Feed, type Posts } from '#shared/posts';
import { createNotices, type Notices } from '#shared/realtime';
import type { Log, Tracing } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import addPicture from '../functions/media/add-picture/function.ts';
import detachPicture from '../functions/media/detach-picture/function.ts';
import removePicture from '../functions/media/remove-picture/function.ts';
import addMember from '../functions/social/add-member/function.ts';
import answerFollower from '../functions/social/answer-follower/function.ts';
import blockUser from '../functions/social/block-user/function.ts';
import cancelEvent from '../functions/social/cancel-event/function.ts';
import changeEmail from '../functions/social/change-email/function.ts';
import changePassword from '../functions/social/change-password/function.ts';
import commentOnPost from '../functions/social/comment-on-post/function.ts';
import createEvent from '../functions/social/create-event/function.ts';
import deleteCalendar from '../functions/social/delete-calendar/function.ts';
import deleteComment from '../functions/social/delete-comment/function.ts';
import deleteEvent from '../functions/social/delete-event/function.ts';
import deleteMessage from '../functions/social/delete-message/function.ts';
import deleteNotification from '../functions/social/delete-notification/function.ts';
import deletePost from '../functions/social/delete-post/function.ts';
import deleteUser from '../functions/social/delete-user/function.ts';
import editMessage from '../functions/social/edit-message/function.ts';
import followUser from '../functions/social/follow-user/function.ts';
import importCalendar from '../functions/social/import-calendar/function.ts';
import inviteGuest from '../functions/social/invite-guest/function.ts';
import joinEvent from '../functions/social/join-event/function.ts';
import leaveEvent from '../functions/social/leave-event/function.ts';
import likePost from '../functions/social/like-post/function.ts';
import loginUser from '../functions/social/login-user/function.ts';
import logoutUser from '../functions/social/logout-user/function.ts';
import markRead from '../functions/social/mark-read/function.ts';
import moveInstance from '../functions/social/move-instance/function.ts';
import muteUser from '../functions/social/mute-user/function.ts';
import openConversation from '../functions/social/open-conversation/function.ts';
import publishPost from '../functions/social/publish-post/function.ts';
import reactToMessage from '../functions/social/react-to-message/function.ts';
import readNotifications from '../functions/social/read-notifications/function.ts';
import refreshSession from '../functions/social/refresh-session/function.ts';
import refuseMails from '../functions/social/refuse-mails/function.ts';
import registerUser from '../functions/social/register-user/function.ts';
import removeFollower from '../functions/social/remove-follower/function.ts';
import removeMember from '../functions/social/remove-member/function.ts';
import renameConversation from '../functions/social/rename-conversation/function.ts';
import requestEmailVerification from '../functions/social/request-email-verification/function.ts';
import requestPasswordReset from '../functions/social/request-password-reset/function.ts';
import resetPassword from '../functions/social/reset-password/function.ts';
import revokeSession from '../functions/social/revoke-session/function.ts';
import sendMessage from '../functions/social/send-message/function.ts';
import sendNotification from '../functions/social/send-notification/function.ts';
import setNotificationPreferences from '../functions/social/set-notification-preferences/function.ts';
import shareCalendar from '../functions/social/share-calendar/function.ts';
import subscribePush from '../functions/social/subscribe-push/function.ts';
import unblockUser from '../functions/social/unblock-user/function.ts';
import unfollowUser from '../functions/social/unfollow-user/function.ts';
import unlikePost from '../functions/social/unlike-post/function.ts';
import unmuteUser from '../functions/social/unmute-user/function.ts';
import unshareCalendar from '../functions/social/unshare-calendar/function.ts';
import unsubscribePush from '../functions/social/unsubscribe-push/function.ts';
import updateEvent from '../functions/social/update-event/function.ts';
import updatePost from '../functions/social/update-post/function.ts';
import updateProfile from '../functions/social/update-profile/function.ts';
import verifyEmail from '../functions/social/verify-email/function.ts';
import withdrawInvitation from '../functions/social/withdraw-invitation/function.ts';

/** Their schemas differ; the host checks each command's data by its own. */
const definitions = [
  changeEmail,
  changePassword,
  requestEmailVerification,
  requestPasswordReset,
  resetPassword,
  verifyEmail,
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
  commentOnPost,
  deleteCalendar,
  importCalendar,
  shareCalendar,
  unshareCalendar,
  deleteComment,
  deletePost,
  likePost,
  publishPost,
  unlikePost,
  updatePost,
  deleteNotification,
  readNotifications,
  refuseMails,
  sendNotification,
  setNotificationPreferences,
  subscribePush,
  unsubscribePush,
  addMember,
  deleteMessage,
  editMessage,
  markRead,
  openConversation,
  reactToMessage,
  removeMember,
  renameConversation,
  sendMessage,
  addPicture,
  cancelEvent,
  createEvent,
  deleteEvent,
  detachPicture,
  inviteGuest,
  joinEvent,
  leaveEvent,
  moveInstance,
  removePicture,
  updateEvent,
  withdrawInvitation,
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
  outbound: Outbound;
}): {
  commands: Commands;
  accounts: Accounts;
  sessions: OpenSessions;
  following: Following;
  gatherings: Gatherings;
  calendars: Calendars;
  pictures: Pictures;
  conversations: Conversations;
  notifications: Notifications;
  posts: Posts;
  feed: Feed;
} {
  const { pool, topology, wake, clock, log, tracing, outbound } = options;
  const accounts = createAccounts({ pool });
  const sessions = createOpenSessions({ pool });
  const pictures = createPictures({ pool });
  const posts = createPosts({ pool, pictures });
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
    ports: { accounts, guesses: createGuesses({ pool }), passwords: createPasswords(), outbound },
    clock,
    random: { next: Math.random },
    log,
    tracing,
  });
  return {
    commands: telling(commands, { sessions, notices: createNotices({ pool, log }) }),
    accounts,
    sessions,
    following: createFollowing({ pool }),
    gatherings: createGatherings({ pool }),
    calendars: createCalendars({ pool }),
    pictures,
    conversations: createConversations({ pool }),
    notifications: createNotifications({ pool }),
    posts,
    feed: createFeed({ pool, posts }),
  };
}

/** After these a session may be over; here that is so at once. */
const ENDS = /^(session\.(close|refresh|revoke)|password\.(change|reset)|user\.delete)$/;

function telling(
  commands: Commands,
  { sessions, notices }: { sessions: OpenSessions; notices: Notices },
): Commands {
  return {
    async send(request) {
      const answer = await notices.after(() => commands.send(request));
      if (ENDS.test(request.type)) sessions.forget();
      return answer;
    },
  };
}
