import type { EarthSwitch, Network } from '../../../platform/network/model/network.ts'
import { line, source } from '../../../platform/network/model/network.fixture.ts'
import { phasesOf } from '../../../platform/network/model/phases.ts'
import type { CommandType } from '../../../platform/wire/command.ts'
import type { EquipmentKind, PlacedTag, TagKind } from '../tags/tag.ts'
import { endsOf } from './closing.ts'
import type { Intended, Interlock } from './interlock.ts'
import type { MeteredUnit, Surroundings, SwitchReport } from './surroundings.ts'
import { tuesday } from './switching.fixture.ts'

/** The field of `buildSwitchedField`, without its unit. */
export const twoSources: Network = {
  sources: [source('src-a', 'a1'), source('src-b', 'b1')],
  switches: [
    { ...line('sw-a', 'a1-a2'), recloses: true },
    line('sw-b', 'b1-b2'),
    line('tie', 'a2-b2', { tie: true }),
    { ...line('fu-a', 'a2-a3'), loadBreak: false },
  ],
}
const earthSwitches: readonly EarthSwitch[] = [
  { earthSwitchId: 'es-a2', sectionId: 'a2' },
  { earthSwitchId: 'es-b1', sectionId: 'b1' },
]

/** A good report of now, of a closed switch in remote, unless it says otherwise. */
export const report = (said: Partial<SwitchReport> = {}): SwitchReport => ({
  ...{ at: tuesday, quality: 'good', position: 'closed', mode: 'remote', tripped: null, recloseBlocked: null },
  currentsA: [null, null, null],
  ...said,
})

export const unit = (rest: Partial<MeteredUnit> = {}): MeteredUnit => ({
  ...{ unitId: 'u-1', sectionIds: ['a2'], isProtected: false, timeZone: 'America/Sao_Paulo' },
  municipalityCode: 3_550_308,
  ...rest,
})

let tags = 0
export function tag(kind: TagKind, equipmentKind: EquipmentKind, id: string, network = twoSources): PlacedTag {
  const earth = earthSwitches.filter(({ earthSwitchId }) => earthSwitchId === id)
  const at = [...endsOf(network, id), ...earth].map(({ sectionId }) => sectionId)
  return {
    ...{ tagId: ++tags, kind, equipment: { kind: equipmentKind, id }, document: null, reason: 'work' },
    ...{ ownerId: 1, owner: 'ana', placedAt: tuesday, sectionIds: equipmentKind === 'section' ? [id] : at },
  }
}

interface Field {
  /** Phases by switch, source or earth switch: `ABC`, or none. */
  readonly closed?: Readonly<Record<string, string>>
  /** Of the meter m-1. */
  readonly units?: readonly MeteredUnit[]
}

/** The field as it stands normally, unless it says otherwise. */
export const field = ({
  closed = {},
  units = [],
  ...rest
}: Partial<Omit<Surroundings, 'units'>> & Field = {}): Surroundings => ({
  ...{ now: tuesday, network: twoSources, earthSwitches, reports: new Map(), unclearedTrips: new Set<string>() },
  ...{ tags: [], holidays: [], ratedKw: new Map(), units: new Map(units.length > 0 ? [['m-1', units]] : []) },
  mayBeClosed: new Map(Object.entries(closed).map(([id, phases]) => [id, phasesOf(phases)])),
  ...rest,
})

export const intended = (type: CommandType, deviceId: string, args: Intended['args'] = {}): Intended => ({
  ...{ deviceId, type, args },
})

/** What an interlock says in English. */
export const said = (interlock: Interlock, of: Intended, surroundings: Surroundings): string[] =>
  interlock.forbids(of, surroundings).map(({ en }) => en)
