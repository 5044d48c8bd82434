import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { join } from 'node:path'
import { createGenerator } from 'ts-json-schema-generator'
import type { Shapes } from './shapes.fixture.ts'

/** As much of JSON Schema as is looked into here. */
interface Schema {
  properties: Record<string, Schema>
  required?: string[]
  items: Schema
  anyOf: Schema[]
}

type Kind = keyof Shapes['panels']

/** What the types that Grafana Labs publishes say of a value: nothing, or its faults. */
export interface PublishedSchema {
  /** A dashboard without its panels. */
  dashboard(value: unknown): string[]
  panel(value: unknown): string[]
  row(value: unknown): string[]
  /** Of a panel of a kind that is known. */
  options(kind: string, value: unknown): string[]
  custom(kind: string, value: unknown): string[]
  /** Of overrides, as `custom.lineWidth` or `unit`. */
  property(kind: string, id: string): string[]
  /** A query of ours in SQL or InfluxQL. */
  query(value: unknown): string[]
  /** What Grafana does itself with the answers of queries. */
  expression(value: unknown): string[]
  /** An alert rule without the models of what it asks. */
  rule(value: unknown): string[]
}

/** Standard ones, that every kind of panel has, as overrides name them. */
const standardProperties = /^(displayName|unit|decimals|min|max|mappings|thresholds|color|links|noValue|filterable)$/

/** Makes the schema of the types as they are installed: nothing of Grafana's is copied. */
export function publishedSchema(): PublishedSchema {
  const root = join(import.meta.dirname, '../../..')
  const made = createGenerator({
    path: join(root, 'grafana/schema/shapes.fixture.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    ...{ type: 'Shapes', expose: 'none', jsDoc: 'none', additionalProperties: false, skipTypeCheck: true },
  }).createSchema('Shapes')
  const shapes = (made.definitions as unknown as { Shapes: Schema }).Shapes.properties
  const dashboard = shapes['dashboard']!
  const [row, panel] = ofPanels(dashboard.properties['panels']!.items.anyOf)
  const query = { anyOf: [shapes['influxQuery']!, shapes['sqlQuery']!] } as Schema
  panel.properties['targets']!.items = query
  const rule = shapes['ruleGroup']!.properties['rules']!.items
  const kinds = shapes['panels']!.properties as Record<Kind, Schema>

  const ajv = new Ajv({ strict: false, allErrors: true })
  const heldAgainst = (schema: Schema): ((value: unknown) => string[]) => {
    let check: ValidateFunction | undefined
    return (value) => {
      // A dashboard may hold another one, as a snapshot.
      check ??= ajv.compile({ ...schema, definitions: made.definitions })
      return check(value) ? [] : check.errors!.map(told)
    }
  }
  const { panels: _, ...withoutPanels } = dashboard.properties
  const ofKind = (part: 'options' | 'custom') =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, { properties }]) => [kind, heldAgainst(withDefaults(properties[part]!))]),
    )
  const [options, custom] = [ofKind('options'), ofKind('custom')]
  return {
    dashboard: heldAgainst({ ...dashboard, properties: withoutPanels }),
    panel: heldAgainst(panel),
    row: heldAgainst(row),
    query: heldAgainst(query),
    expression: heldAgainst({ anyOf: [shapes['math']!, shapes['reduce']!] } as Schema),
    rule: heldAgainst(rule),
    options: (kind, value) => options[kind]?.(value) ?? [`no such kind of panel: ${kind}`],
    custom: (kind, value) => custom[kind]?.(value) ?? [`no such kind of panel: ${kind}`],
    property: (kind, id) =>
      standardProperties.test(id) || Object.hasOwn(kinds[kind as Kind].properties['custom']!.properties, id.slice(7))
        ? []
        : [`${kind} has no property ${id}`],
  }
}

/** A row differs from other panels by being collapsed or not. */
function ofPanels(kinds: readonly Schema[]): [row: Schema, panel: Schema] {
  const row = kinds.find(({ required }) => required?.includes('collapsed'))
  const panel = kinds.find((kind) => kind !== row)
  if (!row || !panel) throw new Error('the published types of panels are others than they were')
  return [row, panel]
}

/** What is missing of options and of fields Grafana fills in itself: each kind of panel has defaults of all. */
function withDefaults<Part>(schema: Part): Part {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === 'required' && Array.isArray(value) ? undefined : value)),
  ) as Part
}

const told = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || '/'} ${message} ${JSON.stringify(params)}`
