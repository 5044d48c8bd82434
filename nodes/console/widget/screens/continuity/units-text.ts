import type { Formats } from '../../formats.ts'
import { filled } from '../screen-words.ts'

/** So many consumer units, in words. */
export const unitsText = (
  count: number,
  words: Readonly<Record<'unitCount' | 'unitOne', string>>,
  formats: Pick<Formats, 'whole'>,
): string => (count === 1 ? words.unitOne : filled(words.unitCount, { count: formats.whole(count) }))
