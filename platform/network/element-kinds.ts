import { Type, type TSchema } from '@sinclair/typebox'
import { IdentifierParameter, Nullable } from '../http/fields.ts'
import type { ElementTable } from './import/elements.ts'

/** A kind of thing of the network that has periods in which it is as told. */
export interface ElementKind {
  /** The file that an import calls it by. */
  readonly table: ElementTable
  readonly noun: string
  /** As in an operationId: `NetworkSwitch`. */
  readonly operation: string
  readonly idField: string
  readonly id: TSchema
  /** All but the identifier and the period. */
  readonly fields: Readonly<Record<string, TSchema>>
  /** Those that a new one cannot do without. */
  readonly required: readonly string[]
  /** The field, beside the identifier, that a list may be asked for. */
  readonly filter: { readonly field: string; readonly schema: TSchema }
}

const section = (description: string, example = 'feeder-01-a') => IdentifierParameter(description, example)
const transformer = (description: string) => IdentifierParameter(description, 'tr-001')
const feederId = IdentifierParameter('The feeder that begins there', 'feeder-01')
const phases = Type.String({
  pattern: '^(?=.)A?B?C?$',
  description: 'Phases that it has; ABC unless given',
  examples: ['ABC'],
})

const recloses = (what: string) =>
  Type.Boolean({ description: `Whether ${what} closes again by itself after a trip; false unless given` })

export const elementKinds: readonly ElementKind[] = [
  {
    table: 'sources',
    noun: 'source',
    operation: 'NetworkSource',
    idField: 'sourceId',
    id: IdentifierParameter('The source', 'src-01'),
    fields: {
      sectionId: section('The section that it feeds'),
      feederId: Nullable(feederId),
      substationId: Nullable(IdentifierParameter('Its substation', 'se-01')),
      phases,
      recloses: recloses('its breaker'),
    },
    required: ['sectionId'],
    filter: { field: 'feederId', schema: feederId },
  },
  {
    table: 'switches',
    noun: 'switch',
    operation: 'NetworkSwitch',
    idField: 'switchId',
    id: IdentifierParameter('The switch; one that reports is called as its device', 'sw-001'),
    fields: {
      sectionA: section('A section that it joins'),
      sectionB: section('The other one', 'feeder-01-b'),
      normallyClosed: Type.Boolean({ description: 'false: it is a tie' }),
      loadBreak: Type.Boolean({ description: 'Whether it may be opened under load; false unless given' }),
      phases,
      recloses: recloses('it'),
    },
    required: ['sectionA', 'sectionB', 'normallyClosed'],
    filter: { field: 'sectionId', schema: section('Those at this section') },
  },
  {
    table: 'earthings',
    noun: 'earth switch',
    operation: 'EarthSwitch',
    idField: 'earthSwitchId',
    id: IdentifierParameter('The earth switch; one that reports is called as its device', 'es-001'),
    fields: { sectionId: section('The section that it joins to earth') },
    required: ['sectionId'],
    filter: { field: 'sectionId', schema: section('Those at this section') },
  },
  {
    table: 'transformers',
    noun: 'transformer',
    operation: 'Transformer',
    idField: 'transformerId',
    id: transformer('The transformer'),
    fields: { sectionId: section('The section that it hangs on'), phases },
    required: ['sectionId'],
    filter: { field: 'sectionId', schema: section('Those on this section') },
  },
  {
    table: 'supplies',
    noun: 'supply',
    operation: 'UnitSupply',
    idField: 'unitId',
    id: IdentifierParameter('The consumer unit', 'unit-001'),
    fields: {
      transformerId: Nullable(transformer('The transformer that it hangs on')),
      sectionId: Type.Union([section('The section that it hangs on, in medium voltage'), Type.Null()], {
        description: 'Of the two one is given',
        examples: [null],
      }),
    },
    required: [],
    filter: { field: 'transformerId', schema: transformer('Those on this transformer') },
  },
]
