import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usualInstallation } from './dashboard.ts'
import { dashboardFiles, dashboardFolder, writeDashboards } from './dashboard-files.ts'

describe('files of dashboards', () => {
  it('are what the code makes: npm run grafana makes them anew', async () => {
    const files = dashboardFiles()
    assert.deepEqual((await readdir(dashboardFolder)).toSorted(), [...files.keys()].toSorted())
    for (const [name, text] of files) assert.equal(await readFile(join(dashboardFolder, name), 'utf8'), text, name)
  })

  it('are written where they changed, removed where they are no more, and lead to the console that is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboards-'))
    try {
      await writeFile(join(folder, 'gone.json'), '{}')
      assert.deepEqual(
        await writeDashboards(folder, { ...usualInstallation, consoleUrl: 'https://console.example/' }),
        ['gone.json', ...dashboardFiles().keys()],
      )
      assert.deepEqual(
        await writeDashboards(folder, { ...usualInstallation, consoleUrl: 'https://console.example' }),
        [],
      )
      assert.match(await readFile(join(folder, 'device.json'), 'utf8'), /"query": "https:\/\/console\.example"/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
