/** Plants and animals. */
export const nature = `
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
`;
