import type { Readable } from 'node:stream'

/** Longer lines are cut: one part gone wild must fill neither disk nor memory. */
const longest = 4_000

/** Text of several lines as one, cut where it is too long. */
export function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' | ')
  return line.length > longest ? `${line.slice(0, longest)}… (${line.length} characters)` : line
}

/** Calls back with each line that is not empty. Of a line that is too long the rest is dropped. */
export function onLines(stream: Readable, take: (line: string) => void): void {
  let pending = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const [first = '', ...rest] = text.split('\n')
    pending = (pending + first).slice(0, longest + 1)
    for (const next of rest) {
      if (pending.trim()) take(oneLine(pending))
      pending = next.slice(0, longest + 1)
    }
  })
  stream.on('end', () => {
    if (pending.trim()) take(oneLine(pending))
  })
}
