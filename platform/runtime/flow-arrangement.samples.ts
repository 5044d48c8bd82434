import fc from 'fast-check'
import type { FlowNode } from './flow-arrangement.ts'

const id = fc.oneof(
  { arbitrary: fc.stringMatching(/^[0-9a-f]{16}$/), weight: 3 },
  fc.constantFrom('__proto__', 'constructor', 'undefined', 'null', '0', '17', 'tab', 'config', 'a.b/c'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
)
const label = fc.oneof(
  fc.constantFrom('Telemetry', 'telemetry', 'Telemetria · painéis', '配電', '', 'config', '../x', 'CON'),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
)

const properties = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
)

/** Anything that Node-RED could be asked to keep, in any order: not only what its editor would write. */
export const arbitraryFlows: fc.Arbitrary<FlowNode[]> = fc
  .uniqueArray(id, { maxLength: 24 })
  .chain((ids) => {
    const sheetIds = ids.slice(0, Math.floor(ids.length / 4))
    const sheets = sheetIds.map((sheetId) => fc.oneof(tab(sheetId), subflow(sheetId)))
    const others = ids.slice(sheetIds.length).map((nodeId) => node(nodeId, sheetIds))
    return fc.tuple(...sheets, ...others)
  })
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }))

function tab(sheetId: string): fc.Arbitrary<FlowNode> {
  return fc.tuple(label, properties).map(([text, rest]) => ({ ...rest, id: sheetId, type: 'tab', label: text }))
}

function subflow(sheetId: string): fc.Arbitrary<FlowNode> {
  return fc.tuple(label, properties).map(([text, rest]) => ({ ...rest, id: sheetId, type: 'subflow', name: text }))
}

/** A group, junction, node or config node: on one of the sheets, on none, or on one that is gone. */
function node(nodeId: string, sheetIds: readonly string[]): fc.Arbitrary<FlowNode> {
  const place = fc.constantFrom<Record<string, unknown>>({}, { z: '' }, { z: 'gone' }, ...sheetIds.map((z) => ({ z })))
  const position = fc.constantFrom<Record<string, unknown>>({}, { x: 120, y: 80 })
  const type = fc.constantFrom('group', 'junction', 'inject', 'mqtt-broker', 'subflow:17')
  return fc
    .tuple(type, place, position, properties)
    .map(([kind, z, xy, rest]) => ({ ...rest, id: nodeId, type: kind, ...z, ...xy }))
}
