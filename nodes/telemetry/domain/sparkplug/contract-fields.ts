import { fieldContract } from '../../../../platform/wire/contract.ts'
import type { ReadingKind } from '../../../../platform/wire/reading.ts'

/** A field that a body of the contract may have. */
export interface ContractField {
  /** `p_kw`, or `currents.ia_a` within another. */
  path: string
  type: 'number' | 'string' | 'boolean'
  /** `null` says that there is no such phase. */
  nullable: boolean
  /** Describes the device rather than measures it: it holds for what the device measured earlier, too. */
  steady: boolean
}

interface PropertySchema {
  type?: string
  const?: unknown
  anyOf?: PropertySchema[]
  properties?: Record<string, PropertySchema>
}

/** Fields of each kind that a device does not measure. */
const steadyFields: Readonly<Record<ReadingKind, readonly string[]>> = {
  der: ['type', 'site_id', 'p_max_kw', 'feeder_id', 'parent_feeder_id', 'priority', 'is_physical'],
  panel: ['location'],
  meter: ['interval_s', 'aggregation'],
  switch: [],
}

const fieldsByKind = new Map<ReadingKind, ReadonlyMap<string, ContractField>>()

/** The fields of a kind that a mapping may fill, by path: all but the identifier, the timestamp and the quality. */
export function contractFields(kind: ReadingKind): ReadonlyMap<string, ContractField> {
  const known = fieldsByKind.get(kind)
  if (known) return known
  const { schema, idField } = fieldContract[kind]
  const own: ReadonlySet<string> = new Set([idField, 'timestamp', 'quality'])
  const fields = new Map<string, ContractField>()
  for (const [name, property] of Object.entries(schema.properties as Record<string, PropertySchema>)) {
    if (own.has(name)) continue
    const inner = Object.entries(property.properties ?? { '': property })
    for (const [part, one] of inner) {
      const path = part === '' ? name : `${name}.${part}`
      fields.set(path, { path, ...shapeOf(one), steady: steadyFields[kind].includes(path) })
    }
  }
  fieldsByKind.set(kind, fields)
  return fields
}

function shapeOf(property: PropertySchema): Pick<ContractField, 'type' | 'nullable'> {
  const branches = property.anyOf ?? [property]
  const types = branches.map(({ type, const: word }) => type ?? typeof word)
  const type = types.find((one) => one !== 'null')
  return {
    type: type === 'number' || type === 'integer' ? 'number' : type === 'boolean' ? 'boolean' : 'string',
    nullable: types.includes('null'),
  }
}
