import type { MeterReading } from '../../../platform/wire/payloads.ts'
import type { Conversation } from './conversation.ts'
import { cannot, ok, untried, wrong, type Finding } from './finding.ts'
import type { Said } from './hearing.ts'
import { bodiesOf } from './reporting.ts'

/**
 * Where the contact of a meter stands, if it says that: after it was told to connect or to disconnect, as it was told.
 * @returns nothing of what has reported nothing as a meter
 */
export async function contact(talk: Conversation): Promise<Finding[]> {
  const check = 'contact'
  const { hearing, options, standsAs } = talk
  const mark = hearing.mark
  const readings = hearing.since(0).filter(({ kind }) => kind === 'meter')
  if (readings.length === 0) return []
  const stood = readings.map(contactOf).findLast((one) => one !== undefined)
  if (stood === undefined)
    return [cannot(check, 'does not say where it stands: a unit that draws nothing is not seen to be connected')]
  if (standsAs !== 'connect' && standsAs !== 'disconnect') return [ok(check, `says that it is ${stood}`)]
  const said = await hearing.first(mark, contactOf, options.reportWithinMs)
  if (said === undefined)
    return [
      untried(check, `says nothing of it within ${options.reportWithinMs / 1000} s after it was told to ${standsAs}`),
    ]
  const text = `told to ${standsAs}, it says that it is ${said}`
  return [said === (standsAs === 'connect' ? 'closed' : 'open') ? ok(check, text) : wrong(check, text)]
}

function contactOf(said: Said): MeterReading['contact'] {
  if (said.kind !== 'meter' || said.retained) return undefined
  const newest = bodiesOf(said).at(-1) as Partial<MeterReading> | null | undefined
  return newest?.contact
}
