import type { NodeAPI } from 'node-red'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { showConjuntos } from './outlook/live-conjuntos.ts'
import { showOutages } from './outlook/live-outages.ts'
import { keepOutlook } from './outlook/running-outlook.ts'

/** Continuity's part of the live stream: interruptions and conjuntos. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-continuity-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, stopping } = services
      const { kept, release } = keepOutlook(database, (error) =>
        RED.log.error(`outlook of outages: ${messageOf(error)}`),
      )
      const { outages, conjuntos } = kept
      const onOutages = (): void => showOutages(liveHub, outages.outlook)
      const onConjuntos = (): void => showConjuntos(liveHub, conjuntos.states, outages.outlook.unitsOutByConjunto)
      outages.on('change', onOutages)
      conjuntos.on('change', onConjuntos)
      stopping.addEventListener(
        'abort',
        () => {
          outages.off('change', onOutages)
          conjuntos.off('change', onConjuntos)
          void release()
        },
        { once: true },
      )
    },
  })
}
