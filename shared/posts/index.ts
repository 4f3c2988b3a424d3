/** What people post: changes, likes, comments, who is named, who sees what, and the feed. */
export { createFeed, FEED, type Feed, type FeedItem } from './feed.ts';
export type { FeedEvent } from './feed-events.ts';
export { commentText, type PostDraft, postArtifact, postDraft, postText, postVisibility } from './fields.ts';
export type { Comment, Post, PostArtifact } from './post.ts';
export { createPosts, type Posts } from './posts.ts';
export { commentOnPost, deleteComment, likePost, unlikePost } from './react.ts';
export { deletePost, publishPost, type UpdatedPost, updatePost } from './write-post.ts';
