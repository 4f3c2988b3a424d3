/** Society, money and work. */
export const society = `
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
viking, norse: shield | ship
inflation: chart increasing | coin
supply, demand, economics of trade: shopping cart | chart increasing
stock, share, exchange: chart increasing | bar chart
pirate: skull and crossbones | ship | coin
samurai, ninja, karate: crossed swords | martial arts uniform
paleolithic, cave, caveman: rock | mammoth
mummy: coffin | amphora
`;
