/** Time, games, feasts, faith and danger. */
export const occasions = `
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
swimming, swim, swimmer, pool: person swimming | goggles
luck, fortune: four leaf clover
habit, routine, schedule, calendar, plan of time: alarm clock | clipboard
buddha, hinduism, hindu: person in lotus position | hindu temple
judaism, jewish, torah: synagogue | scroll
`;
