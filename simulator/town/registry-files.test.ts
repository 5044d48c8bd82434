import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registryFiles, writeRegistryFiles } from './registry-files.ts'
import { townOf } from './town-plan.ts'

const plan = townOf(20)

describe('the registry files of the town', () => {
  const rows = (name: string) => {
    const [head, ...lines] = registryFiles(plan).get(name)!.trimEnd().split('\n')
    const columns = head!.split(',')
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, n) => [columns[n]!, cell])))
  }

  it('name each feeder with the one above it, its limit and the meter at its head', () => {
    assert.deepEqual(
      rows('feeders.csv').map((row) => [
        row['feeder_id'],
        row['parent_feeder_id'],
        row['head_meter_id'],
        row['limit_kw'],
      ]),
      [
        ['town-00', '', 'town-00-head', '40'],
        ['town-01', 'town-00', 'town-01-head', '27'],
        ['town-02', 'town-01', 'town-02-head', '13'],
      ],
    )
  })

  it('say of every device what steering has to know', () => {
    const devices = new Map(rows('devices.csv').map((row) => [row['device_id'], row]))
    for (const { id, phases, leastKw, feederId } of plan.chargePoints) {
      const row = devices.get(id)!
      assert.deepEqual(
        [row['der_type'], row['phases'], row['least_kw'], row['fallback_kw']],
        ['ev', phases, String(leastKw), '0'],
      )
      assert.equal(row['feeder_id'], feederId)
    }
    assert.equal(devices.get('town-bat-001')!['capacity_kwh'], '10')
    assert.equal(devices.get('town-pv-002')!['fallback_kw'], '-5')
    assert.equal(devices.get('town-02-head')!['kind'], 'meter')
    assert.equal(devices.size, plan.chargePoints.length + plan.batteries.length + plan.plants.length + 3)
    assert.equal(rows('sites.csv').length, devices.size - 3)
  })

  it('are written into a folder that is made for them; where that cannot be, it is said', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linha-viva-town-'))
    try {
      const paths = writeRegistryFiles(join(folder, 'town'), plan)
      assert.deepEqual(
        paths.map((path) => readFileSync(path, 'utf8')),
        [...registryFiles(plan).values()],
      )
      writeFileSync(join(folder, 'file'), '')
      assert.throws(() => writeRegistryFiles(join(folder, 'file'), plan), {
        name: 'UsageError',
        message: /^--registry .*file: /,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
