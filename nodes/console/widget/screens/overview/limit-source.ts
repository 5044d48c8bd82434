import type { OverviewWord } from './overview-words.ts'

const known = ['registry', 'default', 'global', 'limit', 'schedule', 'event', 'snapback'] as const

/** How a source of a limit, such as `event:7`, is said; undefined for one that has no word yet. */
export function sourceWord(source: string): { word: OverviewWord; id: string } | undefined {
  const [kind, ...rest] = source.split(':')
  const name = known.find((each) => each === kind)
  return name && { word: `source_${name}`, id: rest.join(':') }
}
