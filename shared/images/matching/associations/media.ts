/** Computers, media and the arts. */
export const media = `
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
radio, broadcast, signal: radio | satellite antenna
video, youtube: video camera | clapper board
jazz, saxophone: saxophone | trumpet
typewriter, keyboard: keyboard | page with curl
sculpture, statue, monument: moai | statue of liberty
bassoon, clarinet, oboe: flute
print, printing, publisher: newspaper | books
`;
