/** Science, numbers and what things are made of. */
export const science = `
gravity, apple, newton: red apple
atom, nuclear, physics, quantum, proton, electron, particle, molecule: atom symbol
chemistry, chemical, reaction, acid, compound, alchemy, chemist: test tube | alembic
science, research, scientist, laboratory, experiment, biology, study: microscope | test tube | scientist
radiation, radioactivity, uranium, radium: radioactive
magnet, magnetism, magnetic: magnet
energy, fuel: high voltage | battery
battery, charge: battery
oil, petroleum, gasoline: oil drum | fuel pump
mathematics, math, algebra, geometry, arithmetic, number, calculation, equation: abacus | triangular ruler
statistic, datum, data, growth, rise, increase, economy, economics, trend: chart increasing | bar chart
decline, decrease, recession, loss: chart decreasing
measure, length, measurement, distance, size: straight ruler
stone, rock, mineral, geology, boulder, pebble, granite: rock
crystal, diamond, jewel, gem, gold, silver, ruby, emerald: gem stone
gold, treasure: coin | crown
metal, iron, steel, copper, mining, ore, mine: pick | nut and bolt
wood, timber, log, lumber: wood
fire, flame, burning, combustion, wildfire: fire
smoke: fire
volcano, eruption, lava, magma, volcanic: volcano
earthquake, tectonic: derelict house | mountain
mountain, hill, alps, himalaya, everest, peak, summit, altitude: snow-capped mountain | mountain
desert, sand, sahara, dune: cactus | camel
cycle, rotation: recycling symbol | wheel
flow: water wave
wheel, circle: wheel
photon, laser: flashlight
hydrogen, oxygen, carbon, nitrogen, helium: atom symbol | test tube
vacuum, emptiness, nothing: hole
infinity, eternity: infinity
`;
