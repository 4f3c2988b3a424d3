/**
 * What a word is best shown by, first choice first. One line per entry: words in the singular, a colon, CLDR names.
 * It holds what names and tags alone get wrong or miss: abstract ideas, near synonyms, and ambiguous words.
 */
const TABLE = `
heart, cardiac, cardiology: red heart | anatomical heart
love, romance, affection, valentine: red heart | two hearts | rose
blood, artery, vein, bleeding: drop of blood | anatomical heart
brain, mind, memory, intelligence, neuron, psychology, cognition, neuroscience: brain
thought, thinking, philosophy, consciousness: thought balloon | brain
idea, invention, innovation, creativity, insight, inspiration: light bulb
body, muscle, strength, exercise, fitness: flexed biceps
gym, workout, training: flexed biceps | running shoe
organ, lung, breathing, breath, respiration: lungs
bone, skeleton, fossil, osteoporosis: bone | sauropod
cell, bacterium, germ, virus, infection, amoeba, microorganism, plankton, pathogen: microbe | petri dish
gene, genetic, genome, dna, heredity, evolution, chromosome, mutation: dna
disease, illness, sickness: face with thermometer | microbe
medicine, drug, antibiotic, vitamin, aspirin, remedy: pill | medical symbol
vaccine, vaccination, immunity, insulin, injection: syringe
health, doctor, physician, nurse, patient, hospital, surgery: stethoscope | health worker
sleep, dream, rest, nap, insomnia, bed: person in bed | bed | crescent moon
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
balance, justice, law, weight, mass, fairness, equality, right, court, judge, legal, legislation: balance scale
crime, prison, jail, police: police car light | chains
government, politics, parliament, democracy, state, constitution: classical building | ballot box with ballot
election, vote, voter: ballot box with ballot
history, ancient, antiquity, manuscript, myth, legend, document, chronicle: scroll | amphora | classical building
rome, roman, greece, greek, empire, civilization, temple: classical building | amphora
medieval, kingdom, knight, fortress, middle age: castle | shield
king, queen, royal, monarchy, monarch, prince, crown, emperor: crown
egypt, egyptian, pharaoh, camel: camel | amphora
war, battle, conflict, fight, army, weapon, sword: crossed swords | shield
soldier, military: military helmet | military medal
peace: dove
defence, defense, protection, safety, shield: shield
security, password, privacy, encryption, secret: locked | key
key: old key | key
secret, mystery, detective, investigation, search, discovery, clue: magnifying glass tilted left
problem, solution, puzzle, complexity: puzzle piece
question: magnifying glass tilted left | thinking face
money, wealth, finance, income, salary, profit, rich, fund, investment, tax, debt: money bag | coin
bank, banking: money bag | classical building
coin, penny, cent: coin
price, cost, payment, cash, dollar: coin | dollar banknote
market, shop, shopping, trade, retail, store, buy: shopping bags | shopping cart
business, company, work, job, career, employment, corporation, manager: briefcase | office building
office: office building | briefcase
industry, manufacturing, production, pollution, factory: factory
worker, labour, labor: construction worker | hammer and wrench
tool, repair, craft, equipment: hammer and wrench | toolbox
machine, mechanism, engine, engineering, technology, system, process, motor, device: gear
robot, ai, artificial intelligence, automation: robot
computer, laptop, software, program, programming, code, developer, algorithm, computing, website: laptop | desktop computer
internet, web, network, online, connection: globe with meridians | laptop
phone, smartphone, mobile, app, cellphone: mobile phone
call, telephone: telephone
communication, message, chat, conversation, talk, speech, language, dialogue: speech balloon
email, mail, letter, post: envelope
data storage, disk: floppy disk | optical disk
screen, tv, television: television
game, gaming, play: video game | game die
chance, probability, luck, risk, gambling: game die | four leaf clover
chess, strategy: chess pawn
picture, photo, photography, photograph, photographer, camera: camera
film, movie, cinema, hollywood: clapper board | movie camera
theatre, theater, drama, acting, comedy, tragedy: performing arts
art, artist, painting, painter, paint, colour, color, pigment, design: artist palette | framed picture
music, song, melody, sound, symphony, tune, harmony, musician: musical notes | musical score
orchestra, composer: violin | musical score
piano, keyboard instrument: musical keyboard
sing, singer, singing, voice, karaoke, concert: microphone
hearing, ear, noise: ear
listen, podcast: headphone
dance, dancing, ballet: woman dancing | mirror ball
eye, vision, sight, seeing, optic, look: eye
smell, scent, odor: nose
taste, flavor, flavour: tongue
hand, touch: raised hand
face, smile, happy, happiness, joy: smiling face with smiling eyes | sun
sad, sadness, grief, sorrow: crying face | cloud with rain
fear, afraid, horror: fearful face | ghost
anger, angry, rage: angry face | fire
friend, friendship, agreement, cooperation, partner, deal, contract, trust: handshake
people, population, society, community, human, humanity, crowd, group, team, public: busts in silhouette | people hugging
person, individual, somebody: person
family, parent, household: house with garden | family
man, male: man
woman, female: woman
child, kid, childhood, boy, girl: child
baby, infant, birth, newborn: baby
aging, elderly, ageing: older person | hourglass not done
teacher, lesson, teaching: teacher | books
school, education, learning, pupil, classroom, student, knowledge, college: books | graduation cap | school
university, graduate, academic: graduation cap | books
book, reading, literature, novel, story, library, encyclopedia, dictionary, chapter: books | open book
poem, poetry, poet, author, writing, writer, quill: fountain pen | scroll
note, list, plan, diary: memo | clipboard
news, press, journalism: newspaper
map, route, navigation: world map | compass
direction, guide, exploration, explorer: compass
travel, journey, tourism, trip, vacation, holiday, tourist: luggage | airplane
flight, aircraft, plane, aviation, pilot, airport, airplane: airplane
train, railway, railroad: high-speed train | locomotive
steam: locomotive
car, automobile, vehicle, driving, driver, traffic: automobile
highway, motorway, street: automobile | vertical traffic light
truck, lorry, transport, cargo, delivery: delivery truck
bike, cycling, bicycle: bicycle
boat, sailing, sailor, yacht, sail: sailboat
ship, navy, vessel, voyage, titanic: ship | anchor
submarine, diving, diver: diving mask
city, town, urban, skyscraper, metropolis, tower: office building | building construction
village, settlement, neighborhood, neighbourhood: houses
home, house, building, architecture, roof: house
construction, builder, infrastructure, crane: building construction
brick, wall: brick
bridge: bridge at night
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
forest, wood, jungle, rainforest, woodland: evergreen tree | deciduous tree
tree, oak, trunk, maple, birch: deciduous tree | evergreen tree
pine, fir, conifer, spruce: evergreen tree
plant, vegetation, photosynthesis, botany, germination, root, seed, sprout: seedling | potted plant
nature, environment, ecology, ecosystem, leaf, conservation: herb | seedling | deciduous tree
grass, herb: herb
soil, ground, farming, agriculture, crop, harvest, farmer, farm, field: tractor | sheaf of rice | seedling
wheat, grain, cereal, barley, rye: sheaf of rice
rice: cooked rice
corn, maize: ear of corn
flower, pollination, petal, garden, pollen: sunflower | tulip | blossom
bee, beehive, pollinator: honeybee | honey pot
honey: honey pot
insect, larva: beetle | bug
animal, wildlife, creature, zoo, mammal, species, pet: paw prints | fox
dinosaur, jurassic, paleontology, extinct, prehistoric: t-rex | sauropod
extinction: dodo | mammoth
cat, kitten, feline: cat
dog, puppy, canine: dog
cow, cattle, livestock, milk cow: cow
horse, pony, stallion: horse
mouse, rodent: mouse
rabbit, hare, bunny: rabbit
pig, hog, swine: pig
sheep, wool, lamb: ewe
monkey, chimpanzee, ape, primate: monkey
tiger: tiger
lion, predator: lion
bird, sparrow, songbird, migration, feather bird: bird
egg: egg
milk, dairy: glass of milk
cheese: cheese wedge
butter: butter
bread, flour, bakery, baker, baking, dough, yeast, loaf: bread | baguette bread
cake, dessert, pastry: shortcake | cupcake
sugar, sweet, candy: candy | lollipop
chocolate, cocoa, cacao: chocolate bar
coffee, caffeine, espresso, cafe: hot beverage
tea: teapot | teacup without handle
beer, brewery, brewing: beer mug
wine, vineyard: wine glass | grapes
alcohol: wine glass | beer mug
drink, beverage: cup with straw
salt, sodium: salt
spice, pepper, chili, capsaicin: hot pepper
fruit, orchard: red apple | grapes
orange: tangerine
berry: blueberries | strawberry
vegetable, diet, nutrition, vegetarian, vegan: broccoli | carrot | green salad
salad: green salad
meat, beef, steak, protein: cut of meat | meat on bone
chicken: chicken
food, meal, eating, cuisine, restaurant, hunger, dinner, lunch: fork and knife with plate | pot of food
cook, cooking, kitchen, chef, recipe, breakfast: cooking | pot of food
soup, noodle, ramen: steaming bowl
pasta: spaghetti
digestion, stomach, appetite: fork and knife with plate
tooth, dentist, dental: tooth | toothbrush
wash, hygiene, clean, cleaning: soap | bubbles
time, duration, era, period, century, year, history of time, past: hourglass not done | mantelpiece clock
clock, hour, minute: mantelpiece clock | alarm clock
second, speed, fast, race, velocity: stopwatch | running shoe
run, running, runner, marathon, athlete: running shoe
patience, wait, slow: snail | hourglass not done
future: crystal ball | rocket
magic, illusion, spell: magic wand | crystal ball
win, winner, victory, success, champion, achievement, competition, award, prize: trophy
goal, target, aim, purpose, focus: bullseye
sport, football, soccer: soccer ball
olympic: sports medal | trophy
celebration, party, festival: party popper | balloon
birthday: birthday cake
gift, present: wrapped gift
christmas: christmas tree
halloween: jack-o-lantern
religion, faith, church, christianity, god, prayer: church | folded hands
islam, muslim: mosque
buddhism, meditation, yoga, mindfulness: person in lotus position | lotus
death, mortality, grave, funeral: headstone | wilted flower
life, living: seedling
danger, hazard, warning, emergency, accident: warning
poison, toxin, toxic, venom: skull and crossbones | snake
recycling, recycle, sustainability, waste, plastic, trash: recycling symbol | wastebasket
freedom, liberty: statue of liberty | dove
paris, france, french: croissant | wine glass
italy, italian: pizza | spaghetti
london, england, britain, british: teapot | umbrella
new york: statue of liberty
hearted: red heart
change, transformation, metamorphosis, transition: butterfly
growth plant, development: seedling | chart increasing
structure, foundation: brick | building construction
part, component, element: puzzle piece | nut and bolt
cycle, rotation: recycling symbol | wheel
flow: water wave
link, relation, relationship, connection chain: link
wheel, circle: wheel
door, entrance, opportunity: door
window, glass: window
clothing, clothes, fashion, textile, fabric, cotton: t-shirt | thread
shoe: running shoe
hat: top hat
paper: page with curl | scroll
package, product, box: package
camp, camping, hiking, outdoors: camping | backpack
photon, laser: flashlight
lamp, lighting: light bulb
telescope, observatory: telescope
satellite, gps: satellite
radio, broadcast, signal: radio | satellite antenna
video, youtube: video camera | clapper board
swimming, swim, swimmer, pool: person swimming | goggles
flying, fly: airplane | bird
lighthouse: ship | anchor | water wave
jazz, saxophone: saxophone | trumpet
typewriter, keyboard: keyboard | page with curl
viking, norse: shield | ship
pyramid, sphinx: camel | amphora
marriage, wedding, engagement, bride: ring | wedding
inflation: chart increasing | coin
honesty, truth, sincerity: handshake | balance scale
knitting, crochet, knit: yarn
sewing, tailor: thread | sewing needle
plumbing, plumber, pipe: wrench | droplet
supply, demand, economics of trade: shopping cart | chart increasing
rust, corrosion: nut and bolt | chains
sculpture, statue, monument: moai | statue of liberty
bassoon, clarinet, oboe: flute
cloud, fog, mist: cloud | sun behind cloud
print, printing, publisher: newspaper | books
stock, share, exchange: chart increasing | bar chart
virus outbreak, pandemic, epidemic: microbe | face with medical mask
antibody, immune: shield | microbe
hydrogen, oxygen, carbon, nitrogen, helium: atom symbol | test tube
pirate: skull and crossbones | ship | coin
samurai, ninja, karate: crossed swords | martial arts uniform
paleolithic, cave, caveman: rock | mammoth
mummy: coffin | amphora
ufology, invasion: flying saucer
vacuum, emptiness, nothing: hole
infinity, eternity: infinity
courage, bravery, hero: superhero | lion
wisdom, wise: owl | books
luck, fortune: four leaf clover
habit, routine, schedule, calendar, plan of time: alarm clock | clipboard
buddha, hinduism, hindu: person in lotus position | hindu temple
judaism, jewish, torah: synagogue | scroll
stress, anxiety, depression: cloud with lightning and rain | brain
`;

function parse(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [words, labels] = line.split(': ');
    if (words === undefined || labels === undefined) {
      continue;
    }
    for (const word of words.split(', ')) {
      found.set(word, [...(found.get(word) ?? []), ...labels.split(' | ')]);
    }
  }
  return found;
}

/** Word or phrase in the singular to CLDR names, first choice first. */
export const associations = parse(TABLE);
