import type { EventData, EventType } from '#shared/events';
import type { Telling } from '#shared/notifications';

/** Who is told of a fact, and what of. */
type TellingOf<Type extends EventType> = (data: EventData<Type>) => Telling;

function defineTellings<Types extends EventType>(tellings: { readonly [Type in Types]: TellingOf<Type> }) {
  return tellings;
}

/** The key is of the occasion, and not of the event: whoever likes again what he liked before tells nobody anything new. */
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
});

export const toldTypes = Object.keys(tellings) as (keyof typeof tellings)[];
