import { Permanent } from '#shared/errors';
import { typefaces } from '#shared/lettering';
import { betweenSteps, unlessAborted } from './between-steps.ts';
import { spriteReader } from './composition/sprite.ts';
import { drawPicture } from './draw-picture.ts';
import { type EmojiSet, readEmojiSet } from './matching/emoji-set.ts';
import type { PictureMaker, PictureRequest } from './port.ts';
import { settings } from './scenery/settings.ts';
import { type Sketch, sketchPicture } from './sketch.ts';
import { drawThumbnail } from './thumbnail/draw-thumbnail.ts';
import { readableTitle } from './thumbnail/readable-title.ts';

const EMOJI_CREDIT = 'Fluent Emoji by Microsoft (MIT licence)';
const SIDES = { least: 16, most: 8192 };

function checkSize({ width, height }: Pick<PictureRequest, 'width' | 'height'>): void {
  for (const [field, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(value) || value < SIDES.least || value > SIDES.most) {
      throw new Permanent(
        'picture-size',
        `A picture's ${field} is ${value}; ask for a whole number of pixels from ${SIDES.least} to ${SIDES.most}.`,
        { field },
      );
    }
  }
}

function describe(sketch: Sketch): string {
  const labels = sketch.matches.map(({ emoji }) => emoji.label);
  const where = settings[sketch.setting].where;
  const [first, ...others] = labels;
  if (first === undefined) {
    return `Plain solids ${where}, ${sketch.mood.name} colours.`;
  }
  const rest = others.length === 0 ? '' : `, with ${others.join(', ')}`;
  return `Illustration: ${first}${rest}, ${where}, ${sketch.mood.name} colours.`;
}

/** Of the typefaces that a title is set in. */
function creditsOf(title: string): readonly string[] {
  return title === '' ? [] : typefaces(title).credits;
}

/**
 * The offline maker of pictures: procedural scenery with objects of the Fluent emoji set that match the words.
 * Reads its emoji set with the first picture. Errors: Permanent `picture-size`, Cancelled `picture-cancelled`.
 */
export function createIllustrator(): PictureMaker {
  const readSprite = spriteReader();
  let set: EmojiSet | undefined;
  const draw = async (request: PictureRequest) => {
    checkSize(request);
    await betweenSteps(request.signal);
    set ??= readEmojiSet();
    const sketch = sketchPicture(set, request);
    const sprites = [];
    for (const { emoji } of sketch.matches) {
      sprites.push(await readSprite(emoji));
      await betweenSteps(request.signal);
    }
    return { sketch, sprites, seed: `${request.seed}/${request.position.index}` };
  };
  return {
    async illustrate(request) {
      const parts = await draw(request);
      const { canvas } = await drawPicture({ ...request, ...parts });
      const bytes = await unlessAborted(request.signal, canvas.encode('png'));
      return {
        bytes,
        type: 'image/png',
        description: describe(parts.sketch),
        credits: parts.sprites.length === 0 ? [] : [EMOJI_CREDIT],
      };
    },
    async thumbnail(request) {
      const parts = await draw(request);
      const bytes = await drawThumbnail({ ...request, ...parts });
      return {
        bytes,
        type: 'image/jpeg',
        description: `${request.title}. ${describe(parts.sketch)}`,
        credits: [
          ...(parts.sprites.length === 0 ? [] : [EMOJI_CREDIT]),
          ...creditsOf(readableTitle(request.title)),
        ],
      };
    },
  };
}
