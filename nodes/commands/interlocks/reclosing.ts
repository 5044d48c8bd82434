import type { Interlock } from './interlock.ts'

/** What closes again by itself is closed by hand only after it has confirmed that it will not: onto a fault it trips once. */
export const reclosing: Interlock = {
  name: 'reclose-not-blocked',
  forbids({ deviceId, type }, { network, reports }) {
    if (type !== 'close') return []
    const { sources, switches } = network
    const element =
      switches.find(({ switchId }) => switchId === deviceId) ?? sources.find(({ sourceId }) => sourceId === deviceId)
    const isBlocked = reports.get(deviceId)?.recloseBlocked ?? null
    if (isBlocked === true || (isBlocked === null && !element?.recloses)) return []
    return [
      {
        en: `${deviceId} has not confirmed that its reclosing is blocked: block_reclose comes first`,
        pt: `${deviceId} não confirmou o religamento bloqueado: antes vem block_reclose`,
      },
    ]
  },
}
