/** Food and drink. */
export const food = `
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
`;
