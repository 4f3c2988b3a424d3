export interface PictureRequest {
  /** What to show, in a few words. */
  readonly subject: string;
  /** Further words of the passage that it accompanies, weightiest first. */
  readonly words: readonly string[];
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Same request and seed, same bytes. */
  readonly seed: string;
  /** Which picture of how many this is, so that no two of a set are alike. */
  readonly position: { readonly index: number; readonly total: number };
  readonly signal: AbortSignal;
}

export interface Picture {
  readonly bytes: Uint8Array;
  readonly type: 'image/png' | 'image/jpeg';
  /** Alternative text for people who do not see it. */
  readonly description: string;
  /** Works of others shown in it, each with its licence. */
  readonly credits: readonly string[];
}

/** A maker of pictures. */
export interface PictureMaker {
  /** A full-frame illustration without any lettering (PNG). */
  illustrate(request: PictureRequest): Promise<Picture>;
  /** A poster with the title set in large type, nothing cropped (JPEG, under 2 MB). */
  thumbnail(request: PictureRequest & { readonly title: string }): Promise<Picture>;
}
