import { defineFunction } from '#shared/function';

/** Places the finished files under `output/{run}/`, where people and CDNs look for them. */
export default defineFunction({
  name: 'place-video',
  summary: 'Places the finished video, its thumbnail, captions and metadata under plain paths for people.',
  consumes: ['pipeline.metadata.built'],
  needs: [],
  async handle(input, deps) {
    const { products } = input.one('pipeline.metadata.built').data;
    const placed = [];
    for (const [index, artifact] of products.entries()) {
      deps.signal.throwIfAborted();
      const key = await deps.place(artifact, artifact.name);
      placed.push({ name: artifact.name, key, bytes: artifact.bytes });
      deps.progress((index + 1) / products.length, artifact.name);
    }
    return { emits: [{ type: 'pipeline.video.placed', data: { products: placed } }] };
  },
});
