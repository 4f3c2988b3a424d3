/** Words that no picture can show. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the and or but if then than that this these those there here of in on at by to for from with without into onto
  over under up down out off about above below between through during before after again further once is are was were
  be been being am do does did doing have has had having can could will would shall should may might must not no nor
  only own same so too very just also even still yet ever never always often sometimes usually i you he she it we they
  me him her us them my your his its our their mine yours who whom whose which what when where why how all any both
  each few more most other some such one two three four five six seven eight nine ten hundred thousand million billion
  first second third last next new old good bad big small large little long short high low great many much several
  thing stuff way kind type sort lot make made making get got go went come came take took give gave use used using see
  say said know known let like well really because while though although since until unless however therefore thus
  instead rather quite almost enough another every either neither else per via vs etc us
  called call mean become became different important example fact reason case point number word term name
  arm leg side end edge middle center centre top bottom front piece half amount level range rate
  today now work works need want keep look show tell try ask find found help seem`.split(/\s+/),
);
