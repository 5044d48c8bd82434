/** Seed of a site's forest: the same for the same site and version, another one for each version. A whole number of 32 bits. */
export function forestSeed(siteId: string, version: number): number {
  // FNV-1a of 32 bits.
  let hash = 0x811c9dc5
  for (const character of `${siteId} ${version}`) {
    hash ^= character.codePointAt(0)!
    hash = Math.imul(hash, 0x01000193)
  }
  return hash | 0
}
