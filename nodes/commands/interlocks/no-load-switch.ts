import { energised } from '../../../platform/network/model/energisation.ts'
import { noPhase, phasesIn } from '../../../platform/network/model/phases.ts'
import { isTrusted } from './freshness.ts'
import type { Interlock } from './interlock.ts'
import type { SwitchReport } from './surroundings.ts'

/** What a switch may break that is not made for it, A: IEC 62271-102 calls as much a negligible current. */
const negligibleCurrentA = 0.5

/** A switch that is not made for it would be opened while current flows, or may flow: the arc does not go out. */
export const noLoadSwitch: Interlock = {
  name: 'no-load-switch-under-load',
  forbids({ deviceId, type }, { network, mayBeClosed, reports, now }) {
    const one = network.switches.find(({ switchId }) => switchId === deviceId)
    if (!one || one.loadBreak || (type !== 'open' && type !== 'trip')) return []
    const report = reports.get(deviceId)
    const trusted = report && isTrusted(report, now) ? report : undefined
    if (trusted?.position === 'open') return []
    const supplied = energised(network, mayBeClosed)
    const isLive = [one.sectionA, one.sectionB].some((id) => ((supplied.get(id) ?? noPhase) & one.phases) !== noPhase)
    if (!isLive) return []
    const currents = phasesIn(one.phases).map((phase) => currentOf(trusted, phase))
    if (currents.every((current) => current !== null && current <= negligibleCurrentA)) return []
    const most = Math.max(...currents.map((current) => current ?? -Infinity))
    const known = most > negligibleCurrentA
    return [
      {
        en: `${deviceId} must not be opened under load: ${known ? `${most} A flow` : 'its current is not known to be nil'}`,
        pt: `${deviceId} não abre sob carga: ${known ? `passam ${most} A` : 'não consta que a corrente seja nula'}`,
      },
    ]
  },
}

const currentOf = (report: SwitchReport | undefined, phase: number): number | null =>
  report?.currentsA[phase === 1 ? 0 : phase === 2 ? 1 : 2] ?? null
