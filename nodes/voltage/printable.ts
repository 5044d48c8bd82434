/** Characters of the standard fonts of a PDF (WinAnsi) beyond Latin-1. */
const beyondLatin1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'

/** What has a look-alike there. */
const lookAlikes: Readonly<Record<string, string>> = {
  '−': '–',
  '‐': '-',
  '‑': '-',
  ' ': '\u00a0',
  ı: 'i',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
}

/** A text as the standard fonts of a PDF can show it: other letters without their marks, `?` for what they lack. */
export const printable = (text: string): string =>
  Array.from(
    text.normalize('NFC'),
    (character) => known(character) ?? lookAlikes[character] ?? bare(character) ?? '?',
  ).join('')

const isKnown = (character: string): boolean =>
  /[\u0020-\u007e\u00a0-\u00ff]/.test(character) || beyondLatin1.includes(character)
const known = (character: string): string | undefined => (isKnown(character) ? character : undefined)
const bare = (character: string): string | undefined => {
  const letter = character.normalize('NFD').replaceAll(/\p{Mark}/gu, '')
  return letter === '' || Array.from(letter).every(isKnown) ? letter : undefined
}
