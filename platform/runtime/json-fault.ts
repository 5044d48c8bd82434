/** A place in a text, both counted from 1 as editors do. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

const string = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y
const scalar = new RegExp(`${string.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`, 'y')

/**
 * Where a text stops being JSON. JSON.parse names the position for some faults only, and not for the markers that git
 * leaves in a conflict.
 */
export function placeOfJsonFault(text: string): TextPlace {
  let at = 0

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at
    const length = pattern.exec(text)?.[0].length
    at += length ?? 0
    return length !== undefined
  }

  function sign(character: string): boolean {
    take(/[ \t\r\n]*/y)
    if (text[at] !== character) return false
    at++
    return true
  }

  function value(): boolean {
    if (sign('{')) return list('}', () => (take(/[ \t\r\n]*/y), take(string)) && sign(':') && value())
    if (sign('[')) return list(']', value)
    return take(scalar)
  }

  function list(end: string, item: () => boolean): boolean {
    if (sign(end)) return true
    do {
      if (!item()) return false
    } while (sign(','))
    return sign(end)
  }

  if (value()) take(/[ \t\r\n]*/y)
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}
