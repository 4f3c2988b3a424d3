/** Water, weather and the sky. */
export const weather = `
ocean, sea, wave, tide, tsunami, surf: water wave
water, drop, liquid, moisture, humidity, dew: droplet | water wave
river, lake, stream, waterfall, canal, pond: water wave | fountain
coast, shore, beach: beach with umbrella
island: desert island
reef: coral | tropical fish
cephalopod, tentacle: octopus
whale, cetacean: spouting whale | whale
mollusk, mollusc, clam, shell, seashell: spiral shell | oyster
fish, trout, tuna, cod, herring, carp, sardine: fish
salmon, goldfish, clownfish: tropical fish | fish
sky, weather, forecast: sun behind cloud
rain, rainfall, drizzle, monsoon, precipitation: cloud with rain | umbrella with rain drops
storm, thunder, thunderstorm: cloud with lightning and rain | cloud with lightning
lightning, electricity, voltage, current, shock, power: high voltage
hurricane, typhoon: cyclone
wind, breeze, gust, air: wind face | leaf fluttering in wind
snow, blizzard, frost: snowflake | snowman without snow
winter, cold, freezing: snowflake | snowman without snow
ice, glacier, iceberg, arctic, antarctic, antarctica: ice | snow-capped mountain | penguin
spring, bloom, blossom: cherry blossom | tulip
summer, sunshine, heat, hot: sun | beach with umbrella
autumn, fall: maple leaf | fallen leaf
season: maple leaf | cherry blossom | snowflake | sun
sun, solar, sunlight, daylight, day, light: sun
temperature, fever, climate, warming, thermometer: thermometer | globe showing europe-africa
moon, lunar: full moon | crescent moon
eclipse: new moon | sun
night, midnight, evening: crescent moon | star
morning, dawn, sunrise: sun | rooster
dusk, twilight, sunset: sun | crescent moon
star, stellar: star | glowing star
galaxy, universe, cosmos, cosmology, space, nebula, astronomy, astronomer: ringed planet | glowing star | telescope
planet, saturn, jupiter, uranus, neptune, mars, venus, orbit, mercury: ringed planet
earth, world, global, globe, planet earth, international, geography, country, nation, continent: globe showing europe-africa | globe with meridians | world map
europe, africa, mediterranean: globe showing europe-africa
america, usa, american, brazil, mexico, canada: globe showing americas
asia, china, japan, india, australia: globe showing asia-australia
comet, meteor, asteroid, meteorite: comet
black hole: hole | glowing star
spacecraft, rocket, spaceship, launch, astronautics, nasa: rocket
astronaut, cosmonaut: astronaut | rocket
alien, extraterrestrial, ufo: alien | flying saucer
telescope, observatory: telescope
satellite, gps: satellite
cloud, fog, mist: cloud | sun behind cloud
ufology, invasion: flying saucer
`;
