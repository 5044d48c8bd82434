import { freshForMs } from './freshness.ts'
import type { Interlock, Why } from './interlock.ts'
import type { SwitchReport } from './surroundings.ts'

/** Nobody moves a switch without knowing how it stands. A trip makes safe however it stands. */
export const positionUnknown: Interlock = {
  name: 'position-unknown',
  forbids({ deviceId, type }, { reports, now }) {
    if (type !== 'open' && type !== 'close') return []
    const doubt = doubtOf(reports.get(deviceId), now)
    return doubt ? [{ en: `${deviceId} ${doubt.en}`, pt: `${deviceId} ${doubt.pt}` }] : []
  },
}

function doubtOf(report: SwitchReport | undefined, now: number): Why | undefined {
  if (!report) return { en: 'has never said how it stands', pt: 'nunca informou a posição' }
  const { at, quality, position } = report
  if (position === 'intermediate') return { en: 'is neither open nor closed', pt: 'não está nem aberta nem fechada' }
  if (quality !== 'good' && quality !== 'late')
    return { en: `doubts its own position: ${quality}`, pt: `duvida da própria posição: ${quality}` }
  if (Math.abs(now - at) > freshForMs) {
    const since = new Date(at).toISOString()
    return { en: `has not said how it stands since ${since}`, pt: `não informa a posição desde ${since}` }
  }
  return undefined
}
