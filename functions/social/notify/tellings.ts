import type { EventData, EventType } from '#shared/events';
import type { Transaction } from '#shared/ledger';
import { guestsOf, readersOf, type Telling, toldOfEvent } from '#shared/notifications';

/** What is told of a fact; undefined where nobody need hear of it. */
type TellingOf<Type extends EventType> = (
  data: EventData<Type>,
  context: {
    readonly tx: Transaction;
    /** The fact's own id. */
    readonly fact: string;
  },
) => Telling | undefined | Promise<Telling | undefined>;

function defineTellings<Types extends EventType>(tellings: { readonly [Type in Types]: TellingOf<Type> }) {
  return tellings;
}

/** What is worth a word to those who take part. */
const WORTH_TELLING: readonly EventData<'gathering.updated'>['changes'][number][] = [
  'time',
  'place',
  'instance',
];

/** The key is of the occasion, and not of the fact: whoever likes again what he liked before tells nobody anything new. */
export const tellings = defineTellings({
  'user.followed': ({ user, by }) => ({
    ...{ kind: 'followed', subject: '', actor: by, to: [user] },
    key: `followed ${by}`,
  }),
  'user.follow-requested': ({ user, by }) => ({
    ...{ kind: 'follow-requested', subject: '', actor: by, to: [user] },
    key: `follow-requested ${by}`,
  }),
  'user.follow-accepted': ({ user, by }) => ({
    ...{ kind: 'follow-accepted', subject: by, actor: by, to: [user] },
    key: `follow-accepted ${by}`,
  }),
  'post.liked': ({ user, by, post }) => ({
    ...{ kind: 'liked', subject: post, actor: by, to: [user] },
    key: `liked ${post} ${by}`,
  }),
  'post.commented': ({ user, by, post, comment }) => ({
    ...{ kind: 'commented', subject: post, actor: by, to: [user] },
    key: `commented ${comment}`,
  }),
  'user.mentioned': ({ user, by, post, comment }) => ({
    ...{ kind: 'mentioned', subject: post, actor: by, to: [user] },
    key: `mentioned ${comment ?? post}`,
  }),
  'message.sent': async ({ message, conversation, by }, { tx }) => ({
    ...{ kind: 'message', subject: conversation, actor: by, key: `message ${message}` },
    ...(await readersOf(tx, message)),
  }),
  'conversation.opened': ({ conversation, by, members }) => ({
    ...{ kind: 'group-joined', subject: conversation, actor: by, to: members },
    key: `group-joined ${conversation}`,
  }),
  'conversation.joined': ({ conversation, by, user }, { fact }) => ({
    ...{ kind: 'group-joined', subject: conversation, actor: by, to: [user] },
    key: `group-joined ${conversation} ${fact}`,
  }),
  'gathering.invited': async ({ gathering, user, by }, { tx }) => ({
    ...{ kind: 'event-invited', subject: gathering, actor: by, key: `event-invited ${gathering}` },
    ...(await toldOfEvent(tx, { gathering, to: [user] })),
  }),
  // Whoever takes part hears of it, also where he muted its owner: so it has no actor.
  'gathering.updated': async ({ gathering, changes }, { tx, fact }) =>
    changes.some((change) => WORTH_TELLING.includes(change))
      ? {
          ...{ kind: 'event-changed', subject: gathering, key: `event-changed ${fact}` },
          ...(await guestsOf(tx, gathering)),
        }
      : undefined,
  'gathering.cancelled': async ({ gathering }, { tx }) => ({
    ...{ kind: 'event-cancelled', subject: gathering, key: `event-cancelled ${gathering}` },
    ...(await guestsOf(tx, gathering)),
  }),
  'gathering.deleted': ({ gathering, users, by }) => ({
    ...{ kind: 'event-cancelled', subject: gathering, to: users.filter((user) => user !== by) },
    key: `event-cancelled ${gathering}`,
  }),
  'gathering.promoted': async ({ gathering, user }, { tx, fact }) => ({
    ...{ kind: 'event-promoted', subject: gathering, key: `event-promoted ${fact}` },
    ...(await toldOfEvent(tx, { gathering, to: [user] })),
  }),
  'gathering.reminded': async ({ gathering, user, startsAt }, { tx }) => ({
    ...{ kind: 'event-reminder', subject: gathering, key: `event-reminder ${gathering} ${startsAt}` },
    ...(await toldOfEvent(tx, { gathering, to: [user] })),
  }),
});

export const toldTypes = Object.keys(tellings) as (keyof typeof tellings)[];
