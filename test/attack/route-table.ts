/** The answers to: nobody, nobody with the owner's session cookie, another owner, the owner, an admin. */
type Expected = readonly [nobody: number, cookie: number, other: number, owner: number, admin: number];
/**
 * Of what people have, the answers to: nobody, nobody with the owner's cookie, a token of nobody who registered, one
 * who has nothing to do with the owner, one who takes part (he follows, is a guest, is in the group), the owner, an
 * admin who has registered too.
 */
type OfPeople = readonly [
  nobody: number,
  cookie: number,
  unregistered: number,
  stranger: number,
  takingPart: number,
  owner: number,
  admin: number,
];
const anybody: Expected = [200, 200, 200, 200, 200];
const ownersOnly: Expected = [401, 200, 404, 200, 404];
/** What changes things takes no cookie, so no other site's form can do it. */
const ownersAct: Expected = [401, 401, 404, 202, 404];
/** Each begins something of his own. */
const eachForHimself: Expected = [401, 401, 202, 202, 202];

/**
 * Every route and who may use it, written by hand and not read from the code: what is asked for is always the
 * owner's.
 */
export const expected: Readonly<Record<string, Expected | OfPeople>> = {
  'POST /api/pipelines': eachForHimself,
  'GET /api/pipelines': [401, 200, 200, 200, 200],
  'GET /api/pipelines/{id}': ownersOnly,
  'GET /api/pipelines/{id}/steps/{step}': ownersOnly,
  'POST /api/pipelines/{id}/cancel': ownersAct,
  'DELETE /api/pipelines/{id}': ownersAct,
  'GET /api/pipelines/{id}/events': ownersOnly,
  'GET /api/pipelines/{id}/artifacts/{name}': ownersOnly,
  'GET /api/pipelines/{id}/artifacts/{part}/{name}': ownersOnly,
  // The owner is told that it is still going on.
  'POST /api/pipelines/{id}/replay': [401, 401, 404, 409, 404],
  'GET /api/pipelines/{id}/why': ownersOnly,
  'GET /videos/progress/{id}': ownersOnly,
  'POST /keywords/fetch': eachForHimself,
  'POST /scripts/generate': eachForHimself,
  'POST /tts/render': eachForHimself,
  'POST /thumbnails/generate': eachForHimself,
  // These name what somebody owns: to all others it does not exist.
  'POST /videos/assemble': [401, 401, 400, 202, 400],
  'POST /metadata/generate': [401, 401, 404, 409, 404],
  'GET /tts/voices': [401, 200, 200, 200, 200],
  'GET /tts/voices/{voice}/sample': [401, 200, 200, 200, 200],
  'POST /api/v1/uploads': [401, 401, 201, 201, 201],
  'PUT /api/v1/uploads/{upload}/bytes': [401, 401, 404, 204, 404],
  'PUT /api/v1/uploads/{upload}/parts/{part}': [401, 401, 404, 204, 404],
  'GET /api/v1/uploads/{upload}': ownersOnly,
  'POST /api/v1/uploads/{upload}/complete': [401, 401, 404, 200, 404],
  'DELETE /api/v1/uploads/{upload}': [401, 401, 404, 204, 404],
  'POST /api/videos/upload': [401, 401, 201, 201, 201],
  // For the store itself, with a role of its own.
  'POST /api/v1/inbox/notices': [401, 401, 403, 403, 204],
  'POST /orchestrator/start': eachForHimself,
  'GET /orchestrator/status/{id}': ownersOnly,
  'POST /orchestrator/retry/{id}/{step}': ownersAct,
  // An admin sees and mends everybody's dead letters, and nothing else of theirs.
  'GET /api/deliveries': [401, 200, 200, 200, 200],
  'POST /api/deliveries/retry': [401, 401, 200, 200, 200],
  'POST /api/deliveries/{delivery}/retry': [401, 401, 404, 202, 202],
  'GET /api/deliveries/{delivery}/why': [401, 200, 404, 200, 200],
  'GET /api/pauses': [401, 403, 403, 403, 200],
  'POST /api/pauses': [401, 401, 403, 403, 201],
  'DELETE /api/pauses/{name}': [401, 401, 403, 403, 204],
  'DELETE /api/account': [401, 401, 202, 202, 202],
  // Whoever asks, with whatever token: it is not looked at.
  'POST /auth/register': [201, 409, 409, 409, 409],
  'POST /auth/login': [401, 401, 401, 401, 401],
  'POST /auth/refresh': [401, 401, 401, 401, 401],
  'POST /auth/logout': [204, 204, 204, 204, 204],
  'POST /api/v1/auth/register': [201, 409, 409, 409, 409],
  'POST /api/v1/auth/login': [401, 401, 401, 401, 401],
  'POST /api/v1/auth/logout': [204, 204, 204, 204, 204],
  // A token that was never mailed; and nobody learns who has an address.
  'POST /auth/verify-email': [400, 400, 400, 400, 400],
  'POST /auth/password/forgot': [202, 202, 202, 202, 202],
  'POST /auth/password/reset': [400, 400, 400, 400, 400],
  'POST /auth/verify-email/request': [401, 401, 404, 202, 202, 202, 202],
  'PUT /users/me/email': [401, 401, 404, 202, 202, 202, 202],
  'PUT /users/me/password': [401, 401, 404, 204, 204, 204, 204],
  'GET /auth/sessions': [401, 200, 200, 200, 200, 200, 200],
  'DELETE /auth/sessions/{id}': [401, 401, 404, 404, 404, 204, 404],
  // Everybody who is signed in sees others; a token that the operator made is of nobody who registered.
  'GET /users/me': [401, 404, 404, 200, 200, 200, 200],
  // The handle that they ask for is the owner's.
  'PUT /users/me': [401, 401, 404, 409, 409, 200, 409],
  'GET /api/v1/users/profile': [401, 404, 404, 200, 200, 200, 200],
  'PUT /api/v1/users/profile': [401, 401, 404, 409, 409, 200, 409],
  'GET /users/me/export': [401, 404, 404, 200, 200, 200, 200],
  'DELETE /users/me': [401, 401, 404, 202, 202, 202, 202],
  'DELETE /api/v1/users/account': [401, 401, 404, 202, 202, 202, 202],
  'GET /users': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/{id}': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/{id}/followers': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/{id}/following': [401, 200, 200, 200, 200, 200, 200],
  'PUT /users/{id}/follow': [401, 401, 404, 200, 200, 200, 200],
  'DELETE /users/{id}/follow': [401, 401, 404, 204, 204, 204, 204],
  'PUT /users/{id}/block': [401, 401, 404, 204, 204, 204, 204],
  'DELETE /users/{id}/block': [401, 401, 404, 204, 204, 204, 204],
  'PUT /users/{id}/mute': [401, 401, 404, 204, 204, 204, 204],
  'DELETE /users/{id}/mute': [401, 401, 404, 204, 204, 204, 204],
  // Each sees his own.
  'GET /users/me/followers': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/me/following': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/me/follow-requests': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/me/blocks': [401, 200, 200, 200, 200, 200, 200],
  'GET /users/me/mutes': [401, 200, 200, 200, 200, 200, 200],
  'DELETE /users/me/followers/{id}': [401, 401, 404, 404, 404, 204, 404],
  'PUT /users/me/follow-requests/{id}': [401, 401, 404, 404, 404, 204, 404],
  'DELETE /users/me/follow-requests/{id}': [401, 401, 404, 404, 404, 204, 404],
  // What is asked for is for its author's followers.
  'GET /posts': [401, 200, 200, 200, 200, 200, 200],
  'POST /posts': [401, 401, 404, 201, 201, 201, 201],
  'GET /posts/{id}': [401, 404, 404, 404, 200, 200, 404],
  'PUT /posts/{id}': [401, 401, 404, 404, 404, 200, 404],
  'DELETE /posts/{id}': [401, 401, 404, 404, 404, 204, 404],
  'PUT /posts/{id}/like': [401, 401, 404, 404, 204, 204, 404],
  // One's own like; what one may not see any more is told from nothing by nobody.
  'DELETE /posts/{id}/like': [401, 401, 404, 204, 204, 204, 204],
  'GET /posts/{id}/likes': [401, 404, 404, 404, 200, 200, 404],
  'GET /posts/{id}/comments': [401, 404, 404, 404, 200, 200, 404],
  'POST /posts/{id}/comments': [401, 401, 404, 404, 201, 201, 404],
  'DELETE /posts/{id}/comments/{comment}': [401, 401, 404, 404, 404, 204, 404],
  'GET /feed': [401, 200, 200, 200, 200, 200, 200],
  // An event for its owner's followers, and a picture of his.
  'POST /calendars/import': [401, 401, 404, 201, 201, 201, 201],
  'GET /calendars': [401, 200, 200, 200, 200, 200, 200],
  'GET /calendars/{id}': [401, 404, 404, 404, 404, 200, 404],
  'GET /calendars/{id}.ics': [401, 404, 404, 404, 404, 200, 404],
  'DELETE /calendars/{id}': [401, 401, 404, 404, 404, 204, 404],
  'POST /calendars/{id}/feed': [401, 401, 404, 404, 404, 200, 404],
  'DELETE /calendars/{id}/feed': [401, 401, 404, 404, 404, 204, 404],
  // Whoever has its secret address.
  'GET /calendars/feeds/{token}.ics': anybody,
  'GET /events/{id}.ics': [401, 404, 404, 404, 200, 200, 404],
  'GET /events': [401, 200, 200, 200, 200, 200, 200],
  'POST /events': [401, 401, 404, 201, 201, 201, 201],
  'GET /events/{id}': [401, 404, 404, 404, 200, 200, 404],
  'PUT /events/{id}': [401, 401, 404, 404, 403, 200, 404],
  'DELETE /events/{id}': [401, 401, 404, 404, 403, 204, 404],
  'POST /events/{id}/cancel': [401, 401, 404, 404, 403, 200, 404],
  'PUT /events/{id}/instances/{recurrenceId}': [401, 401, 404, 404, 403, 200, 404],
  'PUT /events/{id}/participation': [401, 401, 404, 404, 200, 200, 404],
  'DELETE /events/{id}/participation': [401, 401, 404, 404, 204, 204, 404],
  'GET /events/{id}/participants': [401, 404, 404, 404, 200, 200, 404],
  // The owner's list; guests are told by `participants`.
  'GET /events/{id}/invitations': [401, 404, 404, 404, 404, 200, 404],
  'PUT /events/{id}/invitations/{user}': [401, 401, 404, 404, 403, 204, 404],
  'DELETE /events/{id}/invitations/{user}': [401, 401, 404, 404, 403, 204, 404],
  'POST /events/{id}/media': [401, 401, 404, 404, 403, 202, 404],
  'DELETE /events/{id}/media/{picture}': [401, 401, 404, 404, 403, 204, 404],
  // To others each link to it is signed.
  'POST /media': [401, 401, 404, 202, 202, 202, 202],
  'GET /media/{picture}': [401, 404, 404, 404, 404, 200, 404],
  'DELETE /media/{picture}': [401, 401, 404, 404, 404, 204, 404],
  'GET /media/{picture}/{size}': [401, 404, 404, 404, 404, 200, 404],
  'GET /api/v1/stream': [401, 200, 200, 200, 200],
  'POST /api/v1/stream/tickets': [401, 401, 201, 201, 201],
  // No handshake: nobody gets further.
  'GET /ws/notifications': [426, 426, 426, 426, 426],
  // Those who take part: one's own lists are there for all; what is said is there for nobody else, an admin neither.
  'GET /messages/conversations': [401, 200, 200, 200, 200, 200, 200],
  'POST /messages/conversations': [401, 401, 404, 201, 201, 201, 201],
  'GET /messages/conversations/{id}': [401, 404, 404, 404, 200, 200, 404],
  'PUT /messages/conversations/{id}': [401, 401, 404, 404, 403, 200, 404],
  'PUT /messages/conversations/{id}/members/{user}': [401, 401, 404, 404, 403, 204, 404],
  'DELETE /messages/conversations/{id}/members/{user}': [401, 401, 404, 404, 403, 204, 404],
  'PUT /messages/conversations/{id}/read': [401, 401, 404, 404, 200, 200, 404],
  'POST /messages/conversations/{id}/typing': [401, 401, 404, 404, 204, 204, 404],
  'GET /messages': [401, 404, 404, 404, 200, 200, 404],
  'POST /messages': [401, 401, 404, 404, 201, 201, 404],
  'GET /messages/search': [401, 200, 200, 200, 200, 200, 200],
  'GET /messages/{id}': [401, 404, 404, 404, 200, 200, 404],
  'PUT /messages/{id}': [401, 401, 404, 404, 403, 200, 404],
  'DELETE /messages/{id}': [401, 401, 404, 404, 403, 204, 404],
  'PUT /messages/{id}/reactions/{emoji}': [401, 401, 404, 404, 204, 204, 404],
  'DELETE /messages/{id}/reactions/{emoji}': [401, 401, 404, 404, 204, 204, 404],
  // One's own lists; what is there for nobody else is there for no admin either.
  'GET /notifications': [401, 200, 200, 200, 200, 200, 200],
  'PUT /notifications/read': [401, 401, 200, 200, 200, 200, 200],
  'PUT /notifications/{id}/read': [401, 401, 404, 404, 404, 204, 404],
  'DELETE /notifications/{id}': [401, 401, 404, 404, 404, 204, 404],
  'GET /notifications/preferences': [401, 404, 404, 200, 200, 200, 200],
  'PUT /notifications/preferences': [401, 401, 404, 200, 200, 200, 200],
  'GET /notifications/push/key': [401, 200, 200, 200, 200, 200, 200],
  'GET /notifications/push/subscriptions': [401, 200, 200, 200, 200, 200, 200],
  'POST /notifications/push/subscriptions': [401, 401, 404, 201, 201, 201, 201],
  'DELETE /notifications/push/subscriptions/{id}': [401, 401, 404, 404, 404, 204, 404],
  // Whoever has the owner's mail has its link.
  'GET /notifications/unsubscribe/{token}': anybody,
  'POST /notifications/unsubscribe/{token}': anybody,
  'POST /api/v1/notifications/send': [401, 401, 403, 403, 403, 403, 202],
  'GET /api/v1/notifications/progress/{projectId}': ownersOnly,
  'GET /api/v1/notifications/history': [401, 200, 200, 200, 200],
  'GET /health': anybody,
  'GET /ready': anybody,
  'GET /metrics': [401, 403, 403, 403, 200],
  'GET /.well-known/jwks.json': anybody,
  'GET /openapi.json': anybody,
  'GET /asyncapi.json': anybody,
  'GET /docs/events': anybody,
  'GET /docs': anybody,
  'GET /assets/{name}': anybody,
  'GET /verify-email': anybody,
  'GET /reset-password': anybody,
  // The page shows a stranger the way to sign in, and each visitor his own.
  'GET /': anybody,
  'GET /news': anybody,
  // A token that is none.
  'POST /sign-in': [400, 400, 400, 400, 400],
  'POST /sign-out': [303, 303, 303, 303, 303],
};
