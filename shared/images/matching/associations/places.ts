/** Travel, towns and countries. */
export const places = `
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
camp, camping, hiking, outdoors: camping | backpack
flying, fly: airplane | bird
lighthouse: ship | anchor | water wave
pyramid, sphinx: camel | amphora
`;
