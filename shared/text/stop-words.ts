const stopWords: ReadonlySet<string> = new Set(
  `a about above across after again against all almost along already also although always am among an and
  another any anyone anything are around as at away back be became because become becomes been before behind
  being below between both but by can cannot come comes could did do does doing done down during each either
  else enough even ever every everyone everything few for from get gets give gives go goes going had has have
  having he her here hers herself him himself his how however i if in indeed instead into is it its itself just
  keep kept know known last least less let like likely made make makes many may maybe me might more most much
  must my myself near nearly need never next no nobody none nor not nothing now of off often on once one only
  onto or other others our ours ourselves out over own per perhaps put quite rather really said same say says
  see seem seems several shall she should since so some someone something sometimes soon still such take takes
  than that the their theirs them themselves then there therefore these they thing things this those though
  through thus to together too toward towards two three under until up upon us use used uses using very was we
  well were what whatever when where whether which while who whole whom whose why will with within without would
  yes yet you your yours yourself history story guide introduction explained facts video everything`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words that carry no subject of their own. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word.toLowerCase());
}
