import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { detectCommand } from './detect-command.ts'
import { detectUsage } from './detect-flags.ts'
import { fileLines, fileOf, type FileStory } from './panel-file.fixture.ts'

const dead = (label: string): FileStory => ({
  ...{ panels: 3, days: 2, stepS: 300 },
  report: (panel, hours) =>
    panel === 2 && hours >= 33 && hours < 39
      ? { power_output_watts: 0, current_amperes: 0, voltage_volts: 0, label }
      : {},
})
const run = async (story: FileStory, ...flags: string[]) =>
  JSON.parse(await detectCommand(['--csv', '-', '--json', ...flags], fileOf(story)))

describe('solar -- detect', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'solar-'))
  after(() => rmSync(folder, { recursive: true }))

  it('gives anomalies and their score as JSON', async () => {
    const found = await run(dead('zero_output'), '--labels', 'label')
    assert.deepEqual(Object.keys(found), ['slots', 'panels', 'expected', 'forest', 'from', 'to', 'anomalies', 'score'])
    const [one] = found.anomalies
    assert.deepEqual(
      [one.panel_id, one.alert_type, one.kind, one.since],
      ['p-2', 'performance_anomaly', 'zero_output', '2026-01-06T09:00:00.000Z'],
    )
    assert.match(one.recommendation.pt, /^Verificar/)
    const { slots, events, byKind } = found.score
    assert.ok(slots.f1 > 0.9, JSON.stringify(found.score))
    assert.deepEqual([events.labelled, events.f1], [1, 1])
    assert.deepEqual([byKind[0].label, byKind[0].events.f1], ['zero_output', 1])
  })

  it('is scored by labels that name no kind, and not at all without', async () => {
    const { score } = await run(dead('1'), '--labels', 'label')
    assert.deepEqual([score.byKind[0].label, score.byKind[0].kind, score.events.f1], ['anomaly', null, 1])
    assert.equal((await run(dead('1'))).score, null)
  })

  it('finds the same in rows of 1 minute and of 15', async () => {
    for (const stepS of [60, 900]) {
      const { anomalies, slots } = await run({ ...dead(''), stepS })
      assert.ok(slots > 1_600, `${slots}`)
      assert.deepEqual(
        anomalies
          .filter(({ kind }: { kind: string }) => kind === 'zero_output')
          .map(({ panel_id }: { panel_id: string }) => panel_id),
        ['p-2'],
        `${stepS} s`,
      )
    }
  })

  it('reads a file twice, for a forest, and a table is for persons', async () => {
    const csv = join(folder, 'field.csv')
    writeFileSync(csv, [...fileLines(dead(''))].join(''))
    const report = await detectCommand(['--csv', csv, '--lang', 'pt'], Readable.from([]))
    assert.match(report, /Floresta de isolamento treinada com \d/)
    assert.match(report, /p-2 +\S+ +sem geração/)
    const { forest, anomalies } = JSON.parse(
      await detectCommand(['--csv', csv, '--json', '--no-forest'], Readable.from([])),
    )
    assert.deepEqual([forest, anomalies.length > 0], [null, true])
  })

  it('maps columns', async () => {
    const text = [...fileLines({ panels: 1, days: 1, stepS: 300 })].join('').replace('power_output_watts', 'DC_POWER')
    const args = ['--csv', '-', '--json', '--map', 'power_output_watts=DC_POWER', '--rated-w', '400']
    assert.equal(JSON.parse(await detectCommand(args, Readable.from([text]))).slots, 288)
  })

  it('names the file with what is wrong in it', async () => {
    await assert.rejects(detectCommand(['--csv', '-'], Readable.from(['timestamp,voltage_volts\nx,1\n'])), {
      name: 'FileError',
      message: /^--csv -: line 2: timestamp "x"/,
    })
    await assert.rejects(detectCommand(['--csv', '/nowhere/a.csv'], Readable.from([])), {
      name: 'FileError',
      message: /^--csv \/nowhere\/a\.csv: cannot be read: ENOENT/,
    })
    await assert.rejects(detectCommand(['--csv', '-', '--labels', 'y'], fileOf(dead(''))), /lacks the column y/)
  })

  it('helps', async () => assert.equal(await detectCommand(['--help'], Readable.from([])), detectUsage))
})
