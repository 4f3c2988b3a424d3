/** Things of every day, of what they are made, and how they change. */
export const things = `
change, transformation, metamorphosis, transition: butterfly
growth plant, development: seedling | chart increasing
structure, foundation: brick | building construction
part, component, element: puzzle piece | nut and bolt
link, relation, relationship, connection chain: link
door, entrance, opportunity: door
window, glass: window
clothing, clothes, fashion, textile, fabric, cotton: t-shirt | thread
shoe: running shoe
hat: top hat
paper: page with curl | scroll
package, product, box: package
lamp, lighting: light bulb
knitting, crochet, knit: yarn
sewing, tailor: thread | sewing needle
plumbing, plumber, pipe: wrench | droplet
rust, corrosion: nut and bolt | chains
`;
