import { readingKinds, type ReadingKind } from '../../../../platform/wire/reading.ts'
import { showValue } from '../../../../platform/wire/show-value.ts'
import { contractFields } from './contract-fields.ts'
import type { FieldSource } from './mapping.ts'
import type { SourceAddress } from './topic.ts'

/** A rule as an engineer writes it in the node's dialog; numbers may come as text. */
export interface WrittenRule {
  /** Patterns of identifiers, with `*` for any characters. */
  group?: string
  edge?: string
  /** Empty: the metrics of the edge node itself. */
  device?: string
  kind: string
  /** How the device is called here, with `<group>`, `<edge>` and `<device>` in it. */
  deviceId?: string
  fields?: WrittenField[]
}

export interface WrittenField {
  field: string
  /** `metric`: `from` is its name. Otherwise `from` is the value itself. */
  fromType: 'metric' | 'str' | 'num' | 'bool'
  from: string | number | boolean
  scale?: string | number
  /** What the metric's values mean: `true=closed, false=open`. */
  words?: string
}

export interface MappingRule {
  fits(address: SourceAddress): boolean
  kind: ReadingKind
  deviceId: string | undefined
  sources: readonly FieldSource[]
}

/**
 * Reads the rules of a node.
 * @throws Error that names the rule, the property and its value
 */
export function readMappingRules(written: unknown): MappingRule[] {
  if (written === undefined) return []
  if (!Array.isArray(written)) throw new Error(`mappings is ${showValue(written)}: it takes a list of rules`)
  return written.map((rule: WrittenRule, index) => readRule(rule, `mapping ${index + 1}`))
}

function readRule(rule: WrittenRule, where: string): MappingRule {
  if (typeof rule !== 'object' || rule === null) throw new Error(`${where} is ${showValue(rule)}: it takes an object`)
  const kind = readingKinds.find((one) => one === rule.kind)
  if (!kind) throw new Error(`${where}: kind is ${showValue(rule.kind)}: it takes ${readingKinds.join(', ')}`)
  const [group, edge] = [patternOf(rule.group || '*'), patternOf(rule.edge || '*')]
  const device = rule.device === '' ? undefined : patternOf(rule.device ?? '*')
  const sources = (rule.fields ?? []).map((field) => readField(kind, field, where))
  const twice = sources.find(({ field }, index) => sources.findIndex((one) => one.field === field) !== index)
  if (twice) throw new Error(`${where}: field ${twice.field.path} stands there twice`)
  return {
    fits: (address) =>
      group.test(address.group) &&
      edge.test(address.edgeNode) &&
      (address.device === undefined ? device === undefined : (device?.test(address.device) ?? false)),
    kind,
    deviceId: rule.deviceId || undefined,
    sources,
  }
}

function readField(kind: ReadingKind, written: WrittenField, where: string): FieldSource {
  const field = contractFields(kind).get(written.field)
  if (!field) {
    const known = [...contractFields(kind).keys()].join(', ')
    throw new Error(`${where}: field is ${showValue(written.field)}: a ${kind} has ${known}`)
  }
  const at = `${where}, ${field.path}`
  const scale = written.scale === undefined || written.scale === '' ? 1 : Number(written.scale)
  if (!Number.isFinite(scale) || scale === 0)
    throw new Error(`${at}: scale is ${showValue(written.scale)}: it takes a number other than 0`)
  if (written.fromType !== 'metric') return { field, constant: readConstant(written, at), scale: 1 }
  if (typeof written.from !== 'string' || written.from === '')
    throw new Error(`${at}: from is ${showValue(written.from)}: it takes the name of a metric`)
  const words = written.words ? readWords(written.words, at) : undefined
  return { field, metric: written.from, scale, ...(words && { words }) }
}

function readConstant({ from, fromType }: WrittenField, at: string): string | number | boolean {
  if (fromType === 'num') {
    const number = typeof from === 'string' && from.trim() === '' ? NaN : Number(from)
    if (!Number.isFinite(number)) throw new Error(`${at}: from is ${showValue(from)}: it takes a number`)
    return number
  }
  return fromType === 'bool' ? String(from) === 'true' : String(from)
}

function readWords(written: string, at: string): ReadonlyMap<string, string> {
  return new Map(
    written.split(',').map((pair) => {
      const [value, word] = pair.split('=').map((side) => side.trim())
      if (!value || !word) throw new Error(`${at}: words is ${showValue(written)}: it takes value=word, value=word`)
      return [value, word] as const
    }),
  )
}

/** `*` stands for any characters. */
function patternOf(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'su')
}
