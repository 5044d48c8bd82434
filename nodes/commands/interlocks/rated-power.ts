import type { Interlock } from './interlock.ts'

/** A device would be told to take or give more than it is rated for, or nobody knows what it is rated for. */
export const ratedPower: Interlock = {
  name: 'rating',
  forbids({ deviceId, type, args }, surroundings) {
    if (type !== 'set_point') return []
    const wantedKw = Math.abs(Number(args['p_setpoint_kw']))
    const ratedKw = surroundings.ratedKw.get(deviceId)
    if (ratedKw === undefined)
      return [
        {
          en: `nobody has registered the rated power of ${deviceId}`,
          pt: `a potência nominal de ${deviceId} não está cadastrada`,
        },
      ]
    if (wantedKw <= ratedKw) return []
    return [
      {
        en: `${wantedKw} kW is beyond the rated power of ${deviceId}: ${ratedKw} kW`,
        pt: `${wantedKw} kW excede a potência nominal de ${deviceId}: ${ratedKw} kW`,
      },
    ]
  },
}
