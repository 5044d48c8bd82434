/** What was measured of a feeder and all below it, kW ≥ 0 but for what flows in, which is negative where it flows back. */
export interface MeasuredFlows {
  readonly netKw: number
  readonly generatedKw: number
  readonly dischargedKw: number
  readonly chargedKw: number
}

/** Where energy comes from and goes to on a feeder. Power in kW, ≥ 0. */
export interface EnergyBalance {
  readonly importKw: number
  readonly exportKw: number
  /** All that is used below, batteries that charge among it. */
  readonly consumedKw: number
  /** Of what is generated, what is used below. */
  readonly selfConsumedKw: number
  /** Part of what is generated that is used below; null: nothing is generated. */
  readonly selfConsumption: number | null
  /** Part of what is used that does not come from above; null: nothing is used. */
  readonly selfSufficiency: number | null
}

/**
 * What comes in, is generated or discharged is used or flows back. What flows back is taken to be generated first: batteries
 * discharge for what is used below.
 * @throws RangeError  where a flow is no number, or one below zero that cannot be
 */
export function energyBalance({ netKw, generatedKw, dischargedKw, chargedKw }: MeasuredFlows): EnergyBalance {
  for (const [name, value] of Object.entries({ generatedKw, dischargedKw, chargedKw }))
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} out of range: ${value}`)
  if (!Number.isFinite(netKw)) throw new RangeError(`netKw out of range: ${netKw}`)
  const importKw = Math.max(0, netKw)
  const exportKw = Math.max(0, -netKw)
  // Meters do not read at one instant: what charges is used, whatever the sum says.
  const consumedKw = Math.max(chargedKw, netKw + generatedKw + dischargedKw)
  const selfConsumedKw = Math.max(0, generatedKw - exportKw)
  return {
    ...{ importKw, exportKw, consumedKw, selfConsumedKw },
    selfConsumption: generatedKw > 0 ? selfConsumedKw / generatedKw : null,
    selfSufficiency: consumedKw > 0 ? Math.max(0, 1 - importKw / consumedKw) : null,
  }
}
