import { sampleMs } from '../expected-power.ts'
import type { PanelView } from './panel-view.ts'

/** What is remembered of a site as a whole. JSON; bounded. */
export interface SiteMemory {
  /** Share of its rating that the site generated in the newest slots, newest last: to tell a trip from a dark day. */
  readonly shares: readonly number[]
  /** The newest slot of them, UTC milliseconds. */
  readonly sharesAt: number | null
}

export const emptySiteMemory: SiteMemory = { shares: [], sharesAt: null }

/** As far back as a fall counts as sudden. */
const keptShares = 4

/** Takes what the site generates in this slot. A gap forgets what was before. */
export function rememberShare(memory: SiteMemory, share: number | null, at: number): SiteMemory {
  if (share === null) return memory
  const isNext = memory.sharesAt !== null && at - memory.sharesAt <= 2 * sampleMs
  return { shares: [...(isNext ? memory.shares : []), round(share)].slice(-keptShares), sharesAt: at }
}

/** Share of their rating that the panels generate that report power; `null`: none does. */
export function generatedShare(views: readonly PanelView[]): number | null {
  const reporting = views.filter(({ sample }) => sample?.powerW != null)
  if (reporting.length === 0) return null
  const generated = reporting.reduce((sum, { sample }) => sum + Math.max(0, sample!.powerW!), 0)
  return generated / reporting.reduce((sum, { panel }) => sum + panel.ratedW, 0)
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4
