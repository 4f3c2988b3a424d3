/** People: body, senses, mind, company and school. */
export const people = `
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
tooth, dentist, dental: tooth | toothbrush
wash, hygiene, clean, cleaning: soap | bubbles
hearted: red heart
marriage, wedding, engagement, bride: ring | wedding
honesty, truth, sincerity: handshake | balance scale
virus outbreak, pandemic, epidemic: microbe | face with medical mask
antibody, immune: shield | microbe
courage, bravery, hero: superhero | lion
wisdom, wise: owl | books
stress, anxiety, depression: cloud with lightning and rain | brain
`;
