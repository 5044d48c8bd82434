import type { Panel } from './plant.ts'

type Rated = Pick<Panel, 'ratedW' | 'gammaPerC' | 'noctC'>

/** At which modules are rated: 1000 W/m², cells at 25 °C (standard test conditions, IEC 61215). */
export const standardConditions = { irradianceWm2: 1000, cellC: 25 } as const

/** Air temperature that is taken for granted where no module of the site tells its own, °C: a day in most of Brazil. */
const usualAmbientC = 25

/**
 * Power that a panel makes of irradiance, W, before any inverter bounds it.
 * Source: Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014), equation 8.
 * @param irradianceWm2  in the plane of the panel, ≥ 0
 */
export function dcPowerW({ ratedW, gammaPerC }: Rated, irradianceWm2: number, cellC: number): number {
  return Math.max(0, (ratedW * irradianceWm2 * heatFactor(gammaPerC, cellC)) / standardConditions.irradianceWm2)
}

/** Power at a temperature of the cells by the power at 25 °C. */
export const heatFactor = (gammaPerC: number, cellC: number): number =>
  1 + gammaPerC * (cellC - standardConditions.cellC)

/**
 * Temperature of the cells where no sensor tells it, °C, by the nominal operating cell temperature of the module, which is that at
 * 800 W/m² and 20 °C of air (IEC 61215).
 */
export function nominalCellC(noctC: number, irradianceWm2: number, ambientC: number = usualAmbientC): number {
  return ambientC + ((noctC - 20) / 800) * irradianceWm2
}

/**
 * Irradiance in the plane of a panel that makes it generate what it does, W/m²: the inverse of `dcPowerW`.
 * @param powerW  ≥ 0
 * @param cellC   null: by `nominalCellC` of the irradiance that comes out
 */
export function irradianceOf(panel: Rated, powerW: number, cellC: number | null): number {
  const atStandard = (powerW / panel.ratedW) * standardConditions.irradianceWm2
  if (cellC !== null) return atStandard / heatFactor(panel.gammaPerC, cellC)
  // Each step leaves a tenth of the error at most: heat takes 0.1 of the power at 1000 W/m².
  let irradianceWm2 = atStandard
  for (let step = 0; step < 8; step++)
    irradianceWm2 = atStandard / heatFactor(panel.gammaPerC, nominalCellC(panel.noctC, irradianceWm2))
  return irradianceWm2
}
