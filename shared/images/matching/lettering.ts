/** Emojis whose pictures carry letters, numbers or signs; pictures must have no lettering. */
export const withLettering: ReadonlySet<string> = new Set([
  'hundred points',
  'zzz',
  'ok hand',
  'middle finger',
  'japanese post office',
  'post office',
  'hospital',
  'bank',
  'hotel',
  'love hotel',
  'convenience store',
  'bus stop',
  'stop sign',
  'pool 8 ball',
  'joker',
  'mahjong red dragon',
  'flower playing cards',
  'calendar',
  'tear-off calendar',
  'spiral calendar',
  '1st place medal',
  '2nd place medal',
  '3rd place medal',
  'chart increasing with yen',
  'dvd',
  'no one under eighteen',
  'non-potable water',
  'name badge',
  'copyright',
  'registered',
  'trade mark',
  'face with symbols on mouth',
  'person gesturing no',
  'identification card',
  'red envelope',
  'slot machine',
  'japanese symbol for beginner',
]);

/** Emojis that are a scene on a square tile, or a mark on a button: beside solid objects they look like stickers. */
export const tiles: ReadonlySet<string> = new Set(
  (
    'heart decoration|desert|national park|foggy|night with stars|cityscape|sunrise over mountains|sunrise|' +
    'cityscape at dusk|sunset|motorway|railway track|mountain railway|shooting star|milky way|fog|fireworks|sparkler|' +
    'moon viewing ceremony|control knobs|elevator|place of worship|om|star of david|wheel of dharma|yin yang|' +
    'latin cross|orthodox cross|star and crescent|peace symbol|menorah|dotted six-pointed star|khanda|' +
    'check mark button|check box with check|check mark|cross mark|cross mark button|hollow red circle|curly loop|' +
    'double curly loop|part alternation mark|eight-spoked asterisk|eight-pointed star|sparkle|children crossing|' +
    'mobile phone with arrow|pile of poo|card index'
  ).split('|'),
);
