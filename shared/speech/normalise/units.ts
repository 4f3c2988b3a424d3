import { decimalWords, pluralOf } from './number-words.ts';
import type { Reader } from './reader.ts';

/** Symbol → spoken singular. Symbols are case-sensitive, as the SI wants them. */
const units: Readonly<Record<string, string>> = {
  km: 'kilometer',
  m: 'meter',
  cm: 'centimeter',
  mm: 'millimeter',
  µm: 'micrometer',
  μm: 'micrometer',
  nm: 'nanometer',
  mi: 'mile',
  ft: 'foot',
  yd: 'yard',
  ly: 'light year',
  au: 'astronomical unit',
  kg: 'kilogram',
  g: 'gram',
  mg: 'milligram',
  µg: 'microgram',
  t: 'ton',
  lb: 'pound',
  lbs: 'pound',
  oz: 'ounce',
  L: 'liter',
  l: 'liter',
  ml: 'milliliter',
  mL: 'milliliter',
  ha: 'hectare',
  '°C': 'degree celsius',
  '°F': 'degree fahrenheit',
  '°': 'degree',
  º: 'degree',
  K: 'kelvin',
  '℃': 'degree celsius',
  '%': 'percent',
  '‰': 'per mille',
  ppm: 'part per million',
  mph: 'mile per hour',
  kph: 'kilometer per hour',
  kmh: 'kilometer per hour',
  rpm: 'revolution per minute',
  fps: 'frame per second',
  s: 'second',
  sec: 'second',
  ms: 'millisecond',
  min: 'minute',
  mins: 'minute',
  h: 'hour',
  hr: 'hour',
  hrs: 'hour',
  yr: 'year',
  yrs: 'year',
  Hz: 'hertz',
  kHz: 'kilohertz',
  MHz: 'megahertz',
  GHz: 'gigahertz',
  dB: 'decibel',
  W: 'watt',
  kW: 'kilowatt',
  MW: 'megawatt',
  GW: 'gigawatt',
  kWh: 'kilowatt hour',
  V: 'volt',
  kV: 'kilovolt',
  A: 'ampere',
  mA: 'milliampere',
  J: 'joule',
  kJ: 'kilojoule',
  kcal: 'kilocalorie',
  cal: 'calorie',
  N: 'newton',
  Pa: 'pascal',
  kPa: 'kilopascal',
  hPa: 'hectopascal',
  bar: 'bar',
  KB: 'kilobyte',
  kB: 'kilobyte',
  MB: 'megabyte',
  GB: 'gigabyte',
  TB: 'terabyte',
  Mbps: 'megabit per second',
  Gbps: 'gigabit per second',
  px: 'pixel',
  MP: 'megapixel',
};
const powers: Readonly<Record<string, string>> = { '²': 'square', '2': 'square', '³': 'cubic', '3': 'cubic' };
const UNCHANGING = /^(?:percent|per mille|.*hertz|kelvin)$/;

/** The counted word of a unit is its last before `per` or the scale: degrees celsius, light years, parts per million. */
function plural(unit: string): string {
  if (UNCHANGING.test(unit)) return unit;
  if (unit === 'foot') return 'feet';
  const [, counted = '', rest = ''] = /^(.*?)( per .*| celsius| fahrenheit)?$/.exec(unit) ?? [];
  return `${pluralOf(counted)}${rest}`;
}

function oneUnit(symbol: string, count: 'plural' | 'singular'): string | undefined {
  const power =
    Object.hasOwn(powers, symbol.slice(-1)) && /^[a-zµμ]/.test(symbol) ? powers[symbol.slice(-1)] : undefined;
  const base = power === undefined ? symbol : symbol.slice(0, -1).replace(/\^$/, '');
  const name = Object.hasOwn(units, base) ? units[base] : undefined;
  if (name === undefined) return undefined;
  const spoken = count === 'plural' ? plural(name) : name;
  return power === undefined ? spoken : `${power} ${spoken}`;
}

/** `km/h` after 90 → kilometers per hour; `undefined` for what is no unit. */
function unitWords(symbol: string, amount: string): string[] | undefined {
  const [above = '', below, ...more] = symbol.split('/');
  if (more.length > 0) return undefined;
  const first = oneUnit(above, /^[+-]?1$/.test(amount) ? 'singular' : 'plural');
  const second = below === undefined ? '' : oneUnit(below, 'singular');
  if (first === undefined || second === undefined) return undefined;
  return [...first.split(' '), ...(below === undefined ? [] : ['per', ...second.split(' ')])];
}

const AMOUNT = /^[~≈]?([+-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+))/;

/** A number with its unit (`5km`, `20°C`, `50%`), a number before one (`1500 m`), and a unit after a number (`90 km/h`). */
export const readUnits: Reader = ({ core, previous, next }) => {
  const number = AMOUNT.exec(core);
  if (number?.[1]) {
    const spoken = decimalWords(number[1]);
    const symbol = core.slice(number[0].length);
    if (spoken === undefined) return undefined;
    const about = /^[~≈]/.test(core) ? ['about'] : [];
    if (symbol === '')
      return unitWords(next, number[1]) || about.length > 0 ? [...about, ...spoken] : undefined;
    return attachedUnit(symbol, number[1], [...about, ...spoken]);
  }
  if (/^(?:\d{1,2}\/\d{1,2}|[½⅓⅔¼¾⅕⅛⅜⅝⅞])$/.test(previous)) {
    const part = unitWords(core, '1');
    return part && ['of', 'a', ...part];
  }
  const before = AMOUNT.exec(previous);
  return before?.[1] !== undefined && before[0] === previous ? unitWords(core, before[1]) : undefined;
};

/** `5km` and `5-km`; not `1990s`, nor `4K`, `3A` and the like, which are names more often than units. */
function attachedUnit(symbol: string, count: string, spoken: readonly string[]): string[] | undefined {
  if (symbol === 's' || /^-?[A-Z]$/.test(symbol)) return undefined;
  const unit = symbol.startsWith('-') ? unitWords(symbol.slice(1), '1') : unitWords(symbol, count);
  return unit && [...spoken, ...unit];
}
