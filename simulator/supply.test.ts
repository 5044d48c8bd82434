import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { defaultSize, fieldOf } from './field.ts'
import { elementIds, joints, sources, suppliedSites, transformers, type ElementId } from './supply.ts'

const table = (name: string): Record<string, string>[] =>
  parse(readFileSync(join(import.meta.dirname, `../../docs/registry/${name}.csv`)), { columns: true })

const sites = Object.values(transformers).flatMap((one): readonly string[] => one.sites)
const usual = { 'sw-001': 'closed', 'sw-002': 'open' } as const

/** Transformers of whose sites none has supply. */
function dark(out: readonly ElementId[], positions: Parameters<typeof suppliedSites>[1] = usual): string[] {
  const supplied = suppliedSites(new Set(out), positions)
  return Object.entries(transformers).flatMap(([id, one]) => (one.sites.some(supplied) ? [] : [id.slice(-1)]))
}

describe('the supply of the field', () => {
  it('is that of docs/registry', () => {
    assert.deepEqual(
      table('sources').map(({ source_id: id, section_id: section }) => [id, section]),
      Object.entries(sources),
    )
    assert.deepEqual(
      table('switches').map(({ switch_id: id, section_a: a, section_b: b }) => [id, [a, b]]),
      Object.entries(joints),
    )
    assert.deepEqual(
      table('transformers').map(({ transformer_id: id, section_id: section }) => [id, section]),
      Object.entries(transformers).map(([id, { section }]) => [id, section]),
    )
    const siteOf = new Map(table('units').map(({ unit_id: unit, site_id: site }) => [unit, site]))
    const hanging = table('supplies').map(({ unit_id: unit, transformer_id: id }) => `${id} ${siteOf.get(unit!)}`)
    const here = Object.entries(transformers).flatMap(([id, one]) => one.sites.map((site) => `${id} ${site}`))
    assert.deepEqual(hanging.toSorted(), here.toSorted())
  })

  it('reaches every device of the field, however large, as nothing is out', () => {
    const supplied = suppliedSites(new Set(), usual)
    const field = fieldOf({ panels: 30, meters: 60, evs: 12 })
    for (const { siteId } of [...field.meters, ...field.pvs, ...field.evs, ...field.panels, ...field.batteries])
      assert.ok(supplied(siteId), siteId)
    assert.equal(fieldOf(defaultSize).meters.filter(({ siteId }) => sites.includes(siteId)).length, 20)
    assert.throws(() => supplied('nowhere-01'), /no transformer supplies the site nowhere-01/)
  })

  for (const [what, out, positions, expected] of [
    ['nothing out', [], usual, ''],
    ['a transformer out', ['tr-006'], usual, '6'],
    ['the fuse blown', ['fu-001'], usual, '7'],
    ['the source of feeder-01 out', ['src-01'], usual, '123'],
    ['its end over the tie', ['src-01'], { 'sw-001': 'open', 'sw-002': 'closed' }, '12'],
    ['and the other source out as well', ['src-01', 'src-02'], { 'sw-001': 'open', 'sw-002': 'closed' }, '1234567'],
    ['the end over the tie as the other feeder fails', ['src-02'], { 'sw-001': 'open', 'sw-002': 'closed' }, '34567'],
    ['the section switch open', [], { ...usual, 'sw-001': 'open' }, '3'],
    ['both feeders over the tie', ['src-02'], { 'sw-001': 'closed', 'sw-002': 'closed' }, ''],
  ] as const)
    it(`${what}: dark is ${expected || 'nobody'}`, () => assert.deepEqual(dark(out, positions).join(''), expected))

  it('knows an element of each kind to be out', () =>
    assert.deepEqual(elementIds.slice(0, 4), ['src-01', 'src-02', 'fu-001', 'tr-001']))
})
