import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['5 km', 'five kilometers'],
  ['1 km', 'one kilometer'],
  ['5km', 'five kilometers'],
  ['20\u00b0C', 'twenty degrees celsius'],
  ['-3 \u00b0C', 'minus three degrees celsius'],
  ['70 \u00b0F', 'seventy degrees fahrenheit'],
  ['12 kg', 'twelve kilograms'],
  ['50%', 'fifty percent'],
  ['50 %', 'fifty percent'],
  ['90 km/h', 'ninety kilometers per hour'],
  ['9.8 m/s\u00b2', 'nine point eight meters per square second'],
  ['5 m\u00b2', 'five square meters'],
  ['3 m\u00b3', 'three cubic meters'],
  ['6 ft', 'six feet'],
  ['1500 m', 'one thousand five hundred meters'],
  ['60 mph', 'sixty miles per hour'],
  ['8 GB', 'eight gigabytes'],
  ['440 Hz', 'four hundred forty hertz'],
  ['10 kWh', 'ten kilowatt hours'],
  ['4 ly', 'four light years'],
  ['~5 kg', 'about five kilograms'],
  ['a 5-km walk', 'a five kilometer walk'],
  ['4K', 'four k'],
  ['300 K', 'three hundred kelvin'],
  ['3/4 mi', 'three quarters of a mile'],
  ['2 kWh', 'two kilowatt hours'],
  ['5 kW', 'five kilowatts'],
  ['5 min', 'five minutes'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
