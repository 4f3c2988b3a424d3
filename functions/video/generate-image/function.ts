import { defineFunction } from '#shared/function';

/** How much larger than the frame a picture is, so that the camera has room to move. */
const CAMERA_ROOM = 1.15;

function withRoom(pixels: number): number {
  return 2 * Math.ceil((pixels * CAMERA_ROOM) / 2);
}

export default defineFunction({
  name: 'generate-image',
  summary: 'Draws the picture of one scene, unlike the pictures of its neighbours.',
  consumes: ['scene.scripted'],
  needs: ['pictures'],
  async handle(input, deps) {
    const { settings, scene, index, total } = input.one('scene.scripted').data;
    const picture = await deps.pictures.illustrate({
      subject: scene.picture.subject,
      words: scene.picture.words,
      width: withRoom(settings.width),
      height: withRoom(settings.height),
      // All scenes of a run share it, so that their positions keep them apart; a fork draws them alike.
      seed: input.run.title,
      position: { index, total },
      signal: deps.signal,
    });
    deps.progress(0.9, `storing picture ${index + 1} of ${total}`);
    const artifact = await deps.put('illustration.png', { bytes: picture.bytes });
    const { description, credits } = picture;
    return { puts: [{ artifact, data: { settings, index, total, description, credits: [...credits] } }] };
  },
});
