import { formatInstant, parseInstant } from '../../wire/instant.ts'
import { kept } from './cells.ts'
import { type Device, panelColumns } from './network.ts'
import type { Cells } from './tables.ts'

type PanelFacts = Pick<Device, (typeof panelColumns)[number]>

/** What a line says of a solar panel, laid over what is known. @param now  undefined: nothing */
export const mergePanelFacts = (cells: Cells<'devices'>, now: Device | undefined): PanelFacts => ({
  tilt_deg: kept(cells.tilt_deg, now?.tilt_deg),
  azimuth_deg: kept(cells.azimuth_deg, now?.azimuth_deg),
  gamma_per_c: kept(cells.gamma_per_c, now?.gamma_per_c),
  noct_c: kept(cells.noct_c, now?.noct_c),
  rated_v: kept(cells.rated_v, now?.rated_v),
  installed_at: kept(written(cells.installed_at), now?.installed_at),
})

/** As the database writes it: files have the instant, the API its text in whatever offset. */
function written(cell: number | string | null | undefined): string | null | undefined {
  const instant = cell == null ? undefined : parseInstant(cell)
  return instant === undefined ? (cell as null | undefined) : formatInstant(instant)
}

export interface PanelFault {
  readonly column: keyof PanelFacts
  readonly problem: string
}

/** What of it does not go with what the device is. */
export const panelFaults = (device: Device): PanelFault[] =>
  device.kind === null || device.kind === 'panel'
    ? []
    : panelColumns
        .filter((column) => device[column] !== null)
        .map((column) => ({ column, problem: `of a ${device.kind}: it is for panels` }))
